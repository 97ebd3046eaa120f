package sse

import (
	"maps"
	"slices"
)

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
	r.remarks = append(r.remarks, remarkView{what, 1, particulars})
}

// remarkView is how often something was told, and what was told of the first.
type remarkView struct {
	Remark  string `json:"remark"`
	Count   int64  `json:"count"`
	Example string `json:"example"`
}

// remarkCounts are those of many requests.
type remarkCounts map[string]remarkView

func (c remarkCounts) add(all []remarkView) {
	for _, told := range all {
		known, ok := c[told.Remark]
		if !ok {
			known = remarkView{Remark: told.Remark, Example: told.Example}
		}
		known.Count += told.Count
		c[told.Remark] = known
	}
}

func (c remarkCounts) views() []remarkView {
	views := []remarkView{}
	for _, name := range slices.Sorted(maps.Keys(c)) {
		views = append(views, c[name])
	}
	return views
}
