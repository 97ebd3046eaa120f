package ledger

import (
	"maps"
	"slices"
	"sync"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// Shard is one part of the ledger. Its counts always add up.
type Shard struct {
	mu     sync.Mutex
	rows   map[string]*row
	gaps   []*Metric // of the ledger's metrics, those that are filled from gaps
	counts Counts
	seen   Seen
}

// Counts are the requests: started, and what became of them.
type Counts struct {
	Started, Finished, Failed, Interrupted, Lost int64
}

// Open is how many are still under way, or came back and were not settled yet.
func (c Counts) Open() int64 { return c.Started - c.Finished - c.Failed - c.Interrupted - c.Lost }

// Seen is how the answers were read, and how late the users were.
type Seen struct {
	Lateness, ReadDelay                     Histogram // ms
	ContentEvents, ContentReads, LateShared int64

	remarks remarkCounts
}

// Remarks are what was told of the answers beside their outcomes, by name.
func (s *Seen) Remarks() []RemarkView { return s.remarks.views() }

// row finds or makes the tag set's row. Needs mu.
func (s *Shard) row(t Tags) *row {
	r := s.rows[t.Key]
	if r == nil {
		r = &row{tags: t.Values, outcomes: map[outcome.Outcome]int64{}}
		s.rows[t.Key] = r
	}
	return r
}

// Start counts a request that is about to be sent.
func (s *Shard) Start() {
	s.mu.Lock()
	s.counts.Started++
	s.mu.Unlock()
}

// Late books how late a user got on with its arrival, ns, though it had waited for it.
func (s *Shard) Late(ns int64) {
	s.mu.Lock()
	s.seen.Lateness.Add(clock.Ms(ns))
	s.mu.Unlock()
}

// Read books how an answer was read: how long each read came after its stamp, ns, the content events, and what was
// remarked.
func (s *Shard) Read(delays []int64, events, reads, lateShared int64, remarks []RemarkView) {
	s.mu.Lock()
	for _, d := range delays {
		s.seen.ReadDelay.Add(clock.Ms(d))
	}
	s.seen.ContentEvents += events
	s.seen.ContentReads += reads
	s.seen.LateShared += lateShared
	s.seen.remarks.add(remarks)
	s.mu.Unlock()
}

// Settle counts a request under its outcome and books its values and the gaps of its stream, at the time `at` (see
// NoTime).
func (s *Shard) Settle(t Tags, o outcome.Outcome, at int64, values []Value, gaps []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case o.Good():
		s.counts.Finished++
	case o == outcome.Interrupted:
		s.counts.Interrupted++
	default:
		s.counts.Failed++
	}
	r := s.row(t)
	r.outcomes[o]++
	for _, v := range values {
		r.add(v.Metric, at, v.Value)
	}
	if len(gaps) > 0 {
		for _, m := range s.gaps {
			r.add(m, at, gaps...)
		}
	}
}

// Lose counts a request that was never settled.
func (s *Shard) Lose() {
	s.mu.Lock()
	s.counts.Lost++
	s.mu.Unlock()
}

// Add books values without a request.
func (s *Shard) Add(t Tags, at int64, values ...Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.row(t)
	for _, v := range values {
		r.add(v.Metric, at, v.Value)
	}
}

// merge adds o's counts to s, which nobody else uses.
func (s *Shard) merge(o *Shard) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s.counts.Started += o.counts.Started
	s.counts.Finished += o.counts.Finished
	s.counts.Failed += o.counts.Failed
	s.counts.Interrupted += o.counts.Interrupted
	s.counts.Lost += o.counts.Lost
	s.seen.Lateness.Merge(&o.seen.Lateness)
	s.seen.ReadDelay.Merge(&o.seen.ReadDelay)
	s.seen.ContentEvents += o.seen.ContentEvents
	s.seen.ContentReads += o.seen.ContentReads
	s.seen.LateShared += o.seen.LateShared
	s.seen.remarks.add(slices.Collect(maps.Values(o.seen.remarks)))
	for key, r := range o.rows {
		into := s.row(Tags{key, r.tags})
		if n := len(r.series) - len(into.series); n > 0 {
			into.series = append(into.series, make([]*series, n)...)
		}
		for i, h := range r.series {
			if h == nil {
				continue
			}
			if into.series[i] == nil {
				into.series[i] = &series{}
			}
			into.series[i].merge(h)
		}
		for o, n := range r.outcomes {
			into.outcomes[o] += n
		}
	}
}

// RowView is sse.d.ts's Row.
type RowView struct {
	Metric    string            `json:"metric"`
	Tags      map[string]string `json:"tags"`
	Histogram HistogramView     `json:"histogram"`
	Batches   *BatchesView      `json:"batches,omitempty"`
}

// OutcomeView is sse.d.ts's OutcomeRow.
type OutcomeView struct {
	Tags    map[string]string `json:"tags"`
	Outcome outcome.Outcome   `json:"outcome"`
	Count   int64             `json:"count"`
}

// views lists the rows of a shard that nobody else uses.
func (s *Shard) views(metrics []*Metric, part func(string, func())) (rows []RowView, outcomes []OutcomeView) {
	rows, outcomes = []RowView{}, []OutcomeView{}
	for _, key := range slices.Sorted(maps.Keys(s.rows)) {
		part("the metrics", func() {
			r := s.rows[key]
			rows = append(rows, r.views(metrics)...)
			for _, o := range slices.Sorted(maps.Keys(r.outcomes)) {
				outcomes = append(outcomes, OutcomeView{r.tags, o, r.outcomes[o]})
			}
		})
	}
	return rows, outcomes
}

func (r *row) views(metrics []*Metric) (views []RowView) {
	for i, h := range r.series {
		if h == nil {
			continue
		}
		view := RowView{Metric: metrics[i].Name, Tags: r.tags, Histogram: h.View()}
		if h.batches != nil {
			view.Batches = h.batches.View()
		}
		views = append(views, view)
	}
	return views
}
