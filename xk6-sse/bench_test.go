package sse

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// What an answer costs from its bytes to its outcome, without sockets: an embedding as the bench has it, one of a real
// size, and a stream whose events change around their content (each has its own id), so that no short cut takes them.
func BenchmarkAnswers(b *testing.B) {
	l := newListener(b)
	document := func(dimensions int) string {
		vector := strings.TrimSuffix(strings.Repeat("-0.012345,", dimensions), ",")
		return sized("200 OK", "application/json", `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[`+vector+`]}],"model":"null","usage":{"prompt_tokens":10,"total_tokens":10}}`)
	}
	var changing, alike strings.Builder
	for i := range 100 {
		event := `data: {"id":"chatcmpl-%06d","object":"chat.completion.chunk","created":1700000000,"model":"null","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}` + "\n\n"
		fmt.Fprintf(&changing, event, i)
		fmt.Fprintf(&alike, event, 7)
	}
	for _, c := range []struct {
		name   string
		plain  bool
		answer string
	}{
		{"embedding of 16 numbers", true, document(16)},
		{"embedding of 1536 numbers", true, document(1536)},
		{"100 events that change around their content", false, sized("200 OK", "text/event-stream", changing.String()+finished+usageEnd+doneEnd)},
		{"100 events that are alike", false, sized("200 OK", "text/event-stream", alike.String()+finished+usageEnd+doneEnd)},
	} {
		b.Run(c.name, func(b *testing.B) {
			q, v := l.stream, l.u.v
			if c.plain {
				q = l.document
			}
			b.ReportAllocs()
			for b.Loop() {
				l.u.state.Dialer = &once{conn: &replay{left: [][]byte{[]byte(c.answer)}}}
				x := v.exchange(v.own, v.vu.Context(), l.u.state, q, nil, nil, math.NaN())
				x.run()
				v.root.conns.CloseIdle()
				v.returned(x.r, nil)
			}
		})
	}
}
