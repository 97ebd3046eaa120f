package sse

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNotesAreSharedByAllVUsAndBounded(t *testing.T) {
	root := New()
	a, b := newVU(t, root, ""), newVU(t, root, "")
	a.run(`sse.note('one')`)
	b.run(`sse.note('two')`)
	var seen struct {
		Kept []string
		Lost int
	}
	b.eval(&seen, `sse.notes()`)
	assert.Equal(t, []string{"one", "two"}, seen.Kept)
	root.notebook.add(strings.Repeat("x", notesLimit))
	a.eval(&seen, `sse.notes()`)
	assert.Equal(t, 1, seen.Lost)
	assert.Len(t, seen.Kept, 2)
}

func TestOnceIsTrueForOneCallerOfAName(t *testing.T) {
	root := New()
	a, b := newVU(t, root, ""), newVU(t, root, "")
	assert.True(t, a.run(`sse.once('spike')`).ToBoolean())
	assert.False(t, b.run(`sse.once('spike')`).ToBoolean())
	assert.True(t, b.run(`sse.once('recovery')`).ToBoolean())
}
