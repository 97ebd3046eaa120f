package sse

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// alike remembers what stands before and after the content of the last event that had content and nothing else. The
// events of a stream are mostly the same but for the content, and one that is needs no JSON parser to be understood:
// that spares most of what an event costs.
type alike struct {
	head, tail []byte // with the content's quotes
}

// learn keeps the surroundings of a content that gjson found in data.
func (a *alike) learn(data []byte, content gjson.Result) {
	a.head, a.tail = a.head[:0], a.tail[:0]
	from, to := content.Index, content.Index+len(content.Raw)
	if content.Type == gjson.String && from > 0 && to <= len(data) && text(data[from:to]) == content.Raw {
		a.head, a.tail = append(a.head, data[:from+1]...), append(a.tail, data[to-1:]...)
	}
}

// content is what stands between, where the surroundings are the same and it is a JSON string that means itself: not
// empty, no quote, no escape, no control character.
func (a *alike) content(data []byte) ([]byte, bool) {
	if len(a.head) == 0 || len(data) <= len(a.head)+len(a.tail) || !bytes.HasPrefix(data, a.head) || !bytes.HasSuffix(data, a.tail) {
		return nil, false
	}
	content := data[len(a.head) : len(data)-len(a.tail)]
	for _, c := range content {
		if c < ' ' || c == '"' || c == '\\' {
			return nil, false
		}
	}
	return content, true
}
