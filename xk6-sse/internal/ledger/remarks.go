package ledger

import (
	"maps"
	"slices"
)

// What is told of an answer beside its outcome. sse.d.ts lists them as the type Remark.
const (
	RemarkBlankLine = "last event without its blank line"
	RemarkCutOff    = "last event cut off"
	RemarkType      = "wrong content type"
	RemarkLeftOpen  = "response left open"
	RemarkAfterDone = "events after the end"
	RemarkUsage     = "malformed usage"
	RemarkHidden    = "tokens that were not streamed"
	RemarkBudget    = "memory for answers used up"
	RemarkNoToken   = "no token to send"
	RemarkOldToken  = "refused with an old token"
	RemarkResent    = "request sent again"
	RemarkStray     = "bytes on an idle connection"
	RemarkAddress   = "address that did not answer"
	RemarkProxy     = "refused by the proxy"
	RemarkOwnLimit  = "limit of this machine"
	RemarkCache     = "answered by a cache"
)

// RemarkView is how often something was told, and what was told of the first.
type RemarkView struct {
	Remark  string `json:"remark"`
	Count   int64  `json:"count"`
	Example string `json:"example"`
}

// remarkCounts are those of many requests.
type remarkCounts map[string]RemarkView

func (c *remarkCounts) add(all []RemarkView) {
	if *c == nil && len(all) > 0 {
		*c = remarkCounts{}
	}
	for _, told := range all {
		known, ok := (*c)[told.Remark]
		if !ok {
			known = RemarkView{Remark: told.Remark, Example: told.Example}
		}
		known.Count += told.Count
		(*c)[told.Remark] = known
	}
}

func (c remarkCounts) views() []RemarkView {
	views := []RemarkView{}
	for _, name := range slices.Sorted(maps.Keys(c)) {
		views = append(views, c[name])
	}
	return views
}
