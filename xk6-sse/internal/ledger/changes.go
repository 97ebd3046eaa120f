package ledger

import (
	"maps"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// SlotFigures are a slot's figures as they stand now, for who looks on while the load runs.
type SlotFigures struct {
	Slot     int                       `json:"slot"`
	Started  int64                     `json:"started"`
	Outcomes map[outcome.Outcome]int64 `json:"outcomes"`
	InFlight int64                     `json:"inFlight"`
	Metrics  map[string]Figures        `json:"metrics"`
}

// Figures are those of one metric in a slot.
type Figures struct {
	Count uint64  `json:"count"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
}

// Changes lists the slots in which something was booked since the last call, in order of time.
func (t *Timeline) Changes() []SlotFigures {
	t.mu.Lock()
	defer t.mu.Unlock()
	changed := []SlotFigures{}
	var running int64
	for i := range t.slots {
		s := &t.slots[i]
		if s.changed {
			s.changed = false
			figures := s.figures(t.metrics)
			figures.Slot, figures.InFlight = i, max(s.inFlight, running)
			changed = append(changed, figures)
		}
		running += s.started - s.ended
	}
	return changed
}

func (s *slot) figures(metrics []*Metric) SlotFigures {
	whole := *s // a copy: what is packed stays so
	if whole.packed != nil {
		whole.unpack()
	}
	figures := SlotFigures{Started: s.started, Outcomes: maps.Clone(whole.outcomes), Metrics: map[string]Figures{}}
	for j, h := range whole.series {
		if h.count > 0 {
			figures.Metrics[metrics[j].Name] = Figures{h.count, h.Quantile(0.5), h.Quantile(0.95), h.Quantile(0.99)}
		}
	}
	return figures
}
