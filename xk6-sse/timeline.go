package sse

import "sync"

// timeline counts per slot of time and per phase, for the chart and for rules that act during the run.
type timeline struct {
	width    int64
	schedule *schedule
	metrics  []*metricDef // those with timeline: true

	mu     sync.Mutex
	slots  []slot // slot i begins at i*width
	phases []phaseCounts
}

// slot counts started and the metrics' values by when the request was sent, outcomes by when it ended.
type slot struct {
	started  int64
	ended    int64
	outcomes map[string]int64
	inFlight int64        // the most at once
	series   []*histogram // by place in timeline.metrics
}

type phaseCounts struct {
	started, ended, failed, maxInFlight int64
	series                              []*histogram
}

func newTimeline(defs []*metricDef, s *schedule, width int64) *timeline {
	t := &timeline{width: width, schedule: s}
	for _, m := range defs {
		if m.Timeline {
			t.metrics = append(t.metrics, m)
		}
	}
	if s != nil {
		t.phases = make([]phaseCounts, len(s.phases))
		for i := range t.phases {
			t.phases[i].series = newSeries(len(t.metrics))
		}
	}
	return t
}

func newSeries(n int) []*histogram {
	series := make([]*histogram, n)
	for i := range series {
		series[i] = &histogram{}
	}
	return series
}

// slot finds the slot of time ns. Needs mu.
func (t *timeline) slot(ns int64) *slot {
	i := int(ns / t.width)
	for len(t.slots) <= i {
		t.slots = append(t.slots, slot{})
	}
	s := &t.slots[i]
	if s.series == nil {
		s.series, s.outcomes = newSeries(len(t.metrics)), map[string]int64{}
	}
	return s
}

// start books a request that begins at ns in the phase, with so many in flight, itself included.
func (t *timeline) start(ns int64, phase int, inFlight int64) {
	if ns < 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(ns)
	s.started++
	s.inFlight = max(s.inFlight, inFlight)
	if phase >= 0 {
		p := &t.phases[phase]
		p.started++
		p.maxInFlight = max(p.maxInFlight, inFlight)
	}
}

// end books how a request ended.
func (t *timeline) end(ns int64, phase int, outcome string) {
	if ns < 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(ns)
	s.ended++
	s.outcomes[outcome]++
	if phase >= 0 {
		p := &t.phases[phase]
		p.ended++
		if !isGood(outcome) && outcome != "interrupted" {
			p.failed++
		}
	}
}

// booking is a value on its way into the timeline.
type booking struct {
	metric *metricDef
	value  float64
}

// add books values of the request that was sent at ns.
func (t *timeline) add(ns int64, phase int, values []booking, gaps []float64) {
	if ns < 0 || len(t.metrics) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(ns)
	for i, m := range t.metrics {
		for _, b := range values {
			if b.metric == m {
				t.put(s, phase, i, b.value)
			}
		}
		if m.Gaps {
			for _, gap := range gaps {
				t.put(s, phase, i, gap)
			}
		}
	}
}

func (t *timeline) put(s *slot, phase, i int, v float64) {
	add := (*histogram).add
	if t.metrics[i].Type != "trend" {
		add = (*histogram).tally
	}
	add(s.series[i], v)
	if phase >= 0 {
		add(t.phases[phase].series[i], v)
	}
}

// stats looks at one phase by name; phases of one name are added up.
func (t *timeline) stats(name, metric string) (started, ended, failed int64, h histogram) {
	if t.schedule == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.phases {
		if t.schedule.phases[i].name != name {
			continue
		}
		p := &t.phases[i]
		started, ended, failed = started+p.started, ended+p.ended, failed+p.failed
		for j, m := range t.metrics {
			if m.Name == metric {
				h.merge(p.series[j])
			}
		}
	}
	return
}
