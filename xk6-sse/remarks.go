package sse

import "github.com/gsai-perf/xk6-sse/internal/ledger"

// What is told of an answer beside its outcome. sse.d.ts lists them as the type Remark.
const (
	remarkBlankLine = "last event without its blank line"
	remarkCutOff    = "last event cut off"
	remarkType      = "wrong content type"
	remarkLeftOpen  = "response left open"
	remarkUsage     = "malformed usage"
	remarkHidden    = "tokens that were not streamed"
	remarkBudget    = "memory for answers used up"
)

// remark tells something of the answer, each once, with the particulars of the first.
func (r *Record) remark(what, particulars string) {
	for _, told := range r.remarks {
		if told.Remark == what {
			return
		}
	}
	r.remarks = append(r.remarks, ledger.Told{Remark: what, Count: 1, Example: particulars})
}
