package sse

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// ledger is what was counted, for all VUs. It is split into shards, one lock each, and a VU always books in the same
// one: nobody waits for a lock that everybody wants, and each shard's counts always add up.
type ledger struct {
	metrics  []*metricDef
	schedule *schedule
	shards   []*shard
	timeline *timeline

	startedAt   atomic.Int64 // Unix ns of the schedule's start, 0 before
	start       atomic.Int64 // the same on now()'s scale
	lastEnd     atomic.Int64 // when the last request ended
	inFlight    atomic.Int64
	scriptFails scriptErrors
	refused     atomic.Int64
}

func newLedger(defs []*metricDef, s *schedule, slot int64) *ledger {
	l := &ledger{metrics: defs, schedule: s, timeline: newTimeline(defs, s, slot)}
	for range shardCount {
		l.shards = append(l.shards, &shard{rows: map[string]*row{}, remarks: remarkCounts{}})
	}
	return l
}

// shardCount is a small number: each holds its own histograms.
const shardCount = 4

// shard is one part of the ledger.
type shard struct {
	mu                                           sync.Mutex
	rows                                         map[string]*row
	started, finished, failed, interrupted, lost int64
	wake, readDelay                              histogram
	contentEvents, contentReads, lateShared      int64
	remarks                                      remarkCounts
}

// row is one tag set's values.
type row struct {
	tags     map[string]string
	series   []*histogram // by metric
	outcomes map[string]int64
}

// row finds or makes the tag set's row. Needs mu.
func (s *shard) row(t *tagSet) *row {
	r := s.rows[t.key]
	if r == nil {
		r = &row{tags: t.tags, outcomes: map[string]int64{}}
		s.rows[t.key] = r
	}
	return r
}

// add books one finite value. Needs the shard's mu.
func (r *row) add(m *metricDef, v float64) {
	if m.index >= len(r.series) {
		r.series = append(r.series, make([]*histogram, m.index+1-len(r.series))...)
	}
	h := r.series[m.index]
	if h == nil {
		h = &histogram{bounds: m.Bounds, below: make([]uint64, len(m.Bounds))}
		r.series[m.index] = h
	}
	if m.Type == "trend" {
		h.add(v)
	} else {
		h.tally(v)
	}
}

// sinceStart is t on the schedule's scale, -1 before it started.
func (l *ledger) sinceStart(t int64) int64 {
	start := l.start.Load()
	if start == 0 {
		return -1
	}
	return t - start
}

// ended notes that a request ended at t.
func (l *ledger) ended(t int64) {
	for last := l.lastEnd.Load(); t > last && !l.lastEnd.CompareAndSwap(last, t); {
		last = l.lastEnd.Load()
	}
}

// totals adds the shards up; each is consistent in itself, so the sum is too.
func (l *ledger) totals() *shard {
	sum := &shard{rows: map[string]*row{}, remarks: remarkCounts{}}
	for _, s := range l.shards {
		s.mu.Lock()
		sum.started += s.started
		sum.finished += s.finished
		sum.failed += s.failed
		sum.interrupted += s.interrupted
		sum.lost += s.lost
		sum.wake.merge(&s.wake)
		sum.readDelay.merge(&s.readDelay)
		sum.contentEvents += s.contentEvents
		sum.contentReads += s.contentReads
		sum.lateShared += s.lateShared
		sum.remarks.add(slices.Collect(maps.Values(s.remarks)))
		for key, r := range s.rows {
			into := sum.rows[key]
			if into == nil {
				into = &row{tags: r.tags, series: make([]*histogram, len(l.metrics)), outcomes: map[string]int64{}}
				sum.rows[key] = into
			}
			for i, h := range r.series {
				if h == nil {
					continue
				}
				if into.series[i] == nil {
					into.series[i] = &histogram{}
				}
				into.series[i].merge(h)
			}
			for outcome, n := range r.outcomes {
				into.outcomes[outcome] += n
			}
		}
		s.mu.Unlock()
	}
	return sum
}

// scriptErrors counts what the script threw and keeps the first sentences.
type scriptErrors struct {
	mu    sync.Mutex
	count int64
	first []string
}

func (e *scriptErrors) add(sentence string) {
	const kept = 10
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count++
	if len(e.first) < kept && !slices.Contains(e.first, sentence) {
		e.first = append(e.first, strings.ToValidUTF8(sentence, "?"))
	}
}
