package ledger

import (
	"maps"
	"slices"
)

// Told is sse.d.ts's Told: how often something was told of an answer beside its outcome, and what was told of the first.
type Told struct {
	Remark  string `json:"remark"`
	Count   int64  `json:"count"`
	Example string `json:"example"`
}

// remarks are those of many requests, by what is told.
type remarks map[string]Told

func (r *remarks) add(all ...Told) {
	for _, told := range all {
		if *r == nil {
			*r = remarks{}
		}
		if known, ok := (*r)[told.Remark]; ok {
			told.Count, told.Example = told.Count+known.Count, known.Example
		}
		(*r)[told.Remark] = told
	}
}

func (r remarks) views() []Told {
	views := []Told{}
	for _, name := range slices.Sorted(maps.Keys(r)) {
		views = append(views, r[name])
	}
	return views
}

// Tell books what is told of an answer.
func (s *Shard) Tell(all []Told) {
	if len(all) == 0 {
		return
	}
	s.mu.Lock()
	s.remarks.add(all...)
	s.mu.Unlock()
}
