package content

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// An event that is like the last one but for its text needs no parser; one that differs in a single byte beside it does.
func TestOnlyWhatSurroundsTheTextInTheSameWayIsAlike(t *testing.T) {
	const head, tail = `{"id":"a","choices":[{"delta":{"content":"`, `"},"finish_reason":null}]}`
	var a Alike
	a.Learn([]byte(head+"one"+tail), `"one"`, false) // it stands elsewhere: there is nothing to go by
	_, ok := a.Text([]byte(head + "two" + tail))
	assert.False(t, ok)

	learned := []byte(head + "one" + tail)
	a.Learn(learned, Text(learned[len(head)-1:len(head)+4]), true)
	assert.True(t, a.Thinking)
	for _, text := range []string{"two", "a longer text", "ü", " "} {
		said, ok := a.Text([]byte(head + text + tail))
		assert.True(t, ok, text)
		assert.Equal(t, text, string(said))
	}
	for _, text := range []string{"", `"`, `\n`, "\n", `","x":"`} {
		_, ok := a.Text([]byte(head + text + tail))
		assert.False(t, ok, "%q", text)
	}
	for i := range head + tail {
		other := []byte(head + tail)
		other[i] ^= 1
		event := append(append(append([]byte{}, other[:len(head)]...), "two"...), other[len(head):]...)
		_, ok := a.Text(event)
		assert.False(t, ok, "%s", event)
	}
	_, ok = a.Text([]byte(head))
	assert.False(t, ok, "too short")
}
