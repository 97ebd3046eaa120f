package ledger

import "github.com/gsai-perf/xk6-sse/internal/outcome"

// row is one tag set's values.
type row struct {
	tags     map[string]string
	series   []*series // by metric; nil where it has no value
	outcomes map[outcome.Outcome]int64
}

// series is the values of one metric under one tag set.
type series struct {
	Histogram
	batches *Batches // nil where the metric keeps none
}

// NoTime is the time of values that belong to none: they go into no batch.
const NoTime = int64(-1)

// add books finite values of the time `at`, ns since the schedule's start.
func (r *row) add(m *Metric, at int64, values ...float64) {
	if m.Index >= len(r.series) {
		r.series = append(r.series, make([]*series, m.Index+1-len(r.series))...)
	}
	s := r.series[m.Index]
	if s == nil {
		s = newSeries(m)
		r.series[m.Index] = s
	}
	for _, v := range values {
		if m.trend() {
			s.Add(v)
		} else {
			s.Tally(v)
		}
		if s.batches != nil && at >= 0 {
			s.batches.Add(at, v, m.trend())
		}
	}
}

func newSeries(m *Metric) *series {
	s := &series{Histogram: Histogram{bounds: m.Bounds, below: make([]uint64, len(m.Bounds))}}
	if m.Batches {
		s.batches = &Batches{}
		if m.trend() {
			s.batches.bounds = m.Bounds
		}
	}
	return s
}

func (s *series) merge(o *series) {
	s.Merge(&o.Histogram)
	if o.batches == nil {
		return
	}
	if s.batches == nil {
		s.batches = &Batches{}
	}
	s.batches.Merge(o.batches)
}
