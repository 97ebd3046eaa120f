package ledger

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// Timeline counts by slot of time and by phase, for the chart and for rules that act during the run. Times are ns since
// the schedule's start; what has none (below 0) is left out. Phases are numbers, -1 for none.
type Timeline struct {
	width   int64
	metrics []*Metric // those with timeline: true
	names   []string  // of the phases

	mu     sync.Mutex
	slots  []slot // slot i begins at i*width
	phases []phaseCounts
	loose  []int // slots that are not packed, but those of the last time
}

// looseFor is how long a slot is kept as it is: nearly all that is booked in it comes within that time. What comes later
// takes a little longer.
const looseFor = int64(2 * time.Minute)

// slot counts started and the metrics' values by when the request was sent, outcomes by when it ended.
type slot struct {
	started  int64
	ended    int64
	outcomes map[outcome.Outcome]int64
	inFlight int64        // the most at once
	series   []*Histogram // by place in Timeline.metrics
	packed   *packedSlot  // when it has passed, in place of outcomes and series
	changed  bool         // since Changes was asked last
}

type phaseCounts struct {
	started, ended, failed, maxInFlight int64
	series                              []*Histogram
}

func newTimeline(metrics []*Metric, phases []string, width int64) *Timeline {
	t := &Timeline{width: width, names: phases, phases: make([]phaseCounts, len(phases))}
	for _, m := range metrics {
		if m.Timeline {
			t.metrics = append(t.metrics, m)
		}
	}
	for i := range t.phases {
		t.phases[i].series = histograms(len(t.metrics))
	}
	return t
}

func histograms(n int) []*Histogram {
	all := make([]*Histogram, n)
	for i := range all {
		all[i] = &Histogram{}
	}
	return all
}

// slot finds the slot of time at. Needs mu.
func (t *Timeline) slot(at int64) *slot {
	i := int(at / t.width)
	if len(t.slots) <= i {
		for len(t.slots) <= i {
			t.slots = append(t.slots, slot{})
		}
		t.packPassed()
	}
	s := &t.slots[i]
	s.changed = true
	switch {
	case s.packed != nil:
		s.unpack()
		t.loose = append(t.loose, i)
	case s.series == nil:
		s.series, s.outcomes = histograms(len(t.metrics)), map[outcome.Outcome]int64{}
		t.loose = append(t.loose, i)
	}
	return s
}

// packPassed packs the slots that have passed. Needs mu.
func (t *Timeline) packPassed() {
	passed := len(t.slots) - 1 - int(looseFor/t.width)
	t.loose = slices.DeleteFunc(t.loose, func(i int) bool {
		if i >= passed {
			return false
		}
		t.slots[i].pack()
		return true
	})
}

// Start books a request that begins, with so many in flight, itself included.
func (t *Timeline) Start(at int64, phase int, inFlight int64) {
	if at < 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(at)
	s.started++
	s.inFlight = max(s.inFlight, inFlight)
	if phase >= 0 {
		p := &t.phases[phase]
		p.started++
		p.maxInFlight = max(p.maxInFlight, inFlight)
	}
}

// End books how a request ended.
func (t *Timeline) End(at int64, phase int, o outcome.Outcome) {
	if at < 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(at)
	s.ended++
	s.outcomes[o]++
	if phase >= 0 {
		p := &t.phases[phase]
		p.ended++
		if o.Bad() {
			p.failed++
		}
	}
}

// Add books values of the request that was sent at `at`.
func (t *Timeline) Add(at int64, phase int, values []Value, gaps []float64) {
	if at < 0 || len(t.metrics) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slot(at)
	for i, m := range t.metrics {
		for _, v := range values {
			if v.Metric == m {
				t.put(s, phase, i, v.Value)
			}
		}
		if m.Gaps {
			for _, gap := range gaps {
				t.put(s, phase, i, gap)
			}
		}
	}
}

func (t *Timeline) put(s *slot, phase, i int, v float64) {
	add := (*Histogram).Add
	if !t.metrics[i].trend() {
		add = (*Histogram).Tally
	}
	add(s.series[i], v)
	if phase >= 0 {
		add(t.phases[phase].series[i], v)
	}
}

// Standing is what has come of all requests until now.
type Standing struct {
	Started  int64
	Outcomes map[outcome.Outcome]int64
}

// Standing adds up all slots.
func (t *Timeline) Standing() Standing {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := Standing{Outcomes: map[outcome.Outcome]int64{}}
	for i := range t.slots {
		sum.Started += t.slots[i].started
		for o, n := range t.slots[i].outcomes {
			sum.Outcomes[o] += n
		}
		if packed := t.slots[i].packed; packed != nil {
			for _, each := range packed.outcomes {
				sum.Outcomes[each.outcome] += each.count
			}
		}
	}
	return sum
}

// PhaseStats are the counts of one phase.
type PhaseStats struct {
	Started, Ended, Failed int64
	Values                 Histogram // of the metric that was asked for
}

// Stats looks at one phase by name; phases of one name are added up.
func (t *Timeline) Stats(phase, metric string) (sum PhaseStats) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.phases {
		if t.names[i] != phase {
			continue
		}
		p := &t.phases[i]
		sum.Started += p.started
		sum.Ended += p.ended
		sum.Failed += p.failed
		for j, m := range t.metrics {
			if m.Name == metric {
				sum.Values.Merge(p.series[j])
			}
		}
	}
	return sum
}

// MaxInFlight is the most requests at once, by phase.
func (t *Timeline) MaxInFlight() []int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	most := make([]int64, len(t.phases))
	for i := range t.phases {
		most[i] = t.phases[i].maxInFlight
	}
	return most
}

// SlotView is sse.d.ts's Slot.
type SlotView struct {
	Slot     int                       `json:"slot"`
	Phase    string                    `json:"phase"`
	Started  int64                     `json:"started"`
	Outcomes map[outcome.Outcome]int64 `json:"outcomes"`
	InFlight int64                     `json:"inFlight"`
	Metrics  map[string]HistogramView  `json:"metrics"`
}

// Views lists the slots. Where nothing began, as many are in flight as before. `phaseAt` names the phase of a time.
func (t *Timeline) Views(phaseAt func(int64) string) []SlotView {
	t.mu.Lock()
	defer t.mu.Unlock()
	views := make([]SlotView, len(t.slots))
	var running int64
	for i := range t.slots {
		s := t.slots[i] // a copy: what is packed stays so
		if s.packed != nil {
			s.unpack()
		}
		view := SlotView{
			Slot: i, Phase: phaseAt(int64(i) * t.width), Started: s.started, InFlight: max(s.inFlight, running),
			Outcomes: maps.Clone(s.outcomes), Metrics: map[string]HistogramView{},
		}
		if view.Outcomes == nil {
			view.Outcomes = map[outcome.Outcome]int64{}
		}
		for j, h := range s.series {
			if h.count > 0 {
				view.Metrics[t.metrics[j].Name] = h.View()
			}
		}
		running += s.started - s.ended
		views[i] = view
	}
	return views
}
