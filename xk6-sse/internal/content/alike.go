package content

import "hash/maphash"

// Alike remembers what stands before and after the text of the last event that had one text and nothing else that
// matters. The events of a stream are mostly the same but for that text, and one that is needs no JSON parser to be
// understood: that spares most of what an event costs.
//
// It keeps digests of them and not the bytes: thousands of streams are read in turn, so the bytes would be found cold with
// each event. The seed is drawn at the start, so that two that differ have the same digest once in 2^64, whoever sends
// them.
type Alike struct {
	head, tail surrounding // with the text's quotes
	Thinking   bool        // the text is reasoning
}

// surrounding is what stands on one side of the text.
type surrounding struct {
	size   int
	digest uint64
}

var seed = maphash.MakeSeed()

func digested(p []byte) surrounding { return surrounding{len(p), maphash.Bytes(seed, p)} }

// is tells whether p is the same.
func (s surrounding) is(p []byte) bool { return s.digest == maphash.Bytes(seed, p) }

// Learn keeps the surroundings of the one text that data holds, given as it stands there.
func (a *Alike) Learn(data []byte, raw string, thinking bool) {
	*a = Alike{Thinking: thinking}
	if from := within(data, raw); from > 0 && len(raw) > 2 && raw[0] == '"' {
		to := from + len(raw)
		a.head, a.tail = digested(data[:from+1]), digested(data[to-1:])
	}
}

// Text is what stands between, where the surroundings are the same and it is a JSON string that means itself: not
// empty, no quote, no escape, no control character.
func (a *Alike) Text(data []byte) ([]byte, bool) {
	head, end := a.head.size, len(data)-a.tail.size
	if head == 0 || end <= head || data[head-1] != '"' || data[end] != '"' {
		return nil, false
	}
	text := data[head:end]
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			return nil, false
		}
	}
	if !a.head.is(data[:head]) || !a.tail.is(data[end:]) {
		return nil, false
	}
	return text, true
}
