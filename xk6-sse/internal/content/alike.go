package content

import "bytes"

// Alike remembers what stands before and after the text of the last event that had one text and nothing else that
// matters. The events of a stream are mostly the same but for that text, and one that is needs no JSON parser to be
// understood: that spares most of what an event costs.
type Alike struct {
	head, tail []byte // with the text's quotes
	Thinking   bool   // the text is reasoning
}

// mostLearned is how large an event may be that is remembered: each user keeps one for as long as it plays.
const mostLearned = 64 << 10

// Learn keeps the surroundings of the one text that data holds, given as it stands there.
func (a *Alike) Learn(data []byte, raw string, thinking bool) {
	a.head, a.tail, a.Thinking = a.head[:0], a.tail[:0], thinking
	if len(data)-len(raw) > mostLearned {
		return
	}
	if from := within(data, raw); from > 0 && len(raw) > 2 && raw[0] == '"' {
		to := from + len(raw)
		a.head, a.tail = append(a.head, data[:from+1]...), append(a.tail, data[to-1:]...)
	}
}

// Text is what stands between, where the surroundings are the same and it is a JSON string that means itself: not
// empty, no quote, no escape, no control character.
func (a *Alike) Text(data []byte) ([]byte, bool) {
	if len(a.head) == 0 || len(data) <= len(a.head)+len(a.tail) ||
		!bytes.HasPrefix(data, a.head) || !bytes.HasSuffix(data, a.tail) {
		return nil, false
	}
	text := data[len(a.head) : len(data)-len(a.tail)]
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			return nil, false
		}
	}
	return text, true
}
