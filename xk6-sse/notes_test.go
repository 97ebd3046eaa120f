package sse

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNotesAreSharedByAllVUsToldByKindAndBounded(t *testing.T) {
	root := New()
	a, b := newVU(t, root, ""), newVU(t, root, "")
	a.run(`sse.note('request', 'one')`)
	b.run(`sse.note('page', 'else')`)
	b.run(`sse.note('request', 'two')`)
	var seen struct {
		Kept []string
		Lost int
	}
	b.eval(&seen, `sse.notes('request')`)
	assert.Equal(t, []string{"one", "two"}, seen.Kept)
	root.notebook.add("request", strings.Repeat("x", notesLimit))
	a.eval(&seen, `sse.notes('request')`)
	assert.Equal(t, 1, seen.Lost)
	assert.Len(t, seen.Kept, 2)
	a.eval(&seen, `sse.notes('page')`)
	assert.Equal(t, []string{"else"}, seen.Kept)
	assert.Equal(t, 0, seen.Lost, "what was lost is told for its kind")
	a.eval(&seen, `sse.notes('nothing')`)
	assert.Empty(t, seen.Kept)
}
