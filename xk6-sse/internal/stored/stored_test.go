package stored

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const file = `[
{"id":"a","size":"small","tokens":3,"text":"Größe \"q\" \\n"},
{"id":"b","size":"large","tokens":70,"text":"two"},
{"text":"three","size":"small","tokens":5,"id":"c"}
]`

var form = Form{By: "size", Value: "text", Before: `[{"content":`, Behind: `}]`, Number: "tokens"}

func reading(text string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(text), nil }
}

func body(t *testing.T, texts *Texts, i, count int) string {
	pieces, known := texts.Append(nil, i, count)
	require.True(t, known)
	return strings.Join(pieces, "")
}

func TestATextIsSentAsItStandsInTheFileAndIsFoundByItsGroup(t *testing.T) {
	var texts Texts
	groups, err := texts.Add("prompts", reading(file), form)
	require.NoError(t, err)
	assert.Equal(t, map[string]*Group{"small": {From: 0, Count: 2}, "large": {From: 2, Count: 1}}, groups)
	assert.Equal(t, `[{"content":"Größe \"q\" \\n"}]`, body(t, &texts, 0, 1))
	assert.Equal(t, `[{"content":"three"}]`, body(t, &texts, 1, 1))
	for i, want := range []float64{3, 5, 70} {
		number, known := texts.Number(i)
		assert.True(t, known)
		assert.Equal(t, want, number)
	}
	more, err := texts.Add("texts", reading(`{"texts":["x","y","z"]}`), Form{List: "texts"})
	require.NoError(t, err)
	assert.Equal(t, map[string]*Group{"": {From: 3, Count: 3}}, more, "numbers of a second file go on")
	assert.Equal(t, `"y","z","x","y"`, body(t, &texts, 4, 4), "behind the group's last comes its first")
	for _, wrong := range [][2]int{{-1, 1}, {6, 1}, {0, 0}} {
		_, known := texts.Append(nil, wrong[0], wrong[1])
		assert.False(t, known, wrong)
	}
}

func TestOnlyTheFirstOfManyVUsReadsAFile(t *testing.T) {
	var texts Texts
	var all sync.WaitGroup
	read := 0
	for range 8 {
		all.Go(func() {
			groups, err := texts.Add("prompts", func() ([]byte, error) { read++; return []byte(file), nil }, form)
			assert.NoError(t, err)
			assert.Len(t, groups, 2)
		})
	}
	all.Wait()
	assert.Equal(t, 1, read)
}

func TestAFileThatIsNoneIsToldAndMayBeGivenAgain(t *testing.T) {
	var texts Texts
	for _, wrong := range []struct{ text, says string }{
		{`[{"text":`, "is not JSON"},
		{`{"text":"a"}`, "holds no list of records"},
		{`[{"text":"a"},{"size":"small"}]`, `a record of prompts has no text: {"size":"small"}`},
	} {
		_, err := texts.Add("prompts", reading(wrong.text), form)
		assert.ErrorContains(t, err, wrong.says)
	}
	_, err := texts.Add("prompts", func() ([]byte, error) { return nil, errors.New("no such file") }, form)
	assert.EqualError(t, err, "no such file")
	_, err = texts.Add("prompts", reading(file), form)
	assert.NoError(t, err)
}
