package ledger

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Ledger is what was counted, for all VUs. It is split into shards, one lock each, and a VU always books in the same
// one: nobody waits for a lock that everybody wants.
type Ledger struct {
	Timeline *Timeline

	metrics []*Metric
	shards  []*Shard

	startedAt atomic.Int64 // Unix ns of the schedule's start, 0 before
	start     atomic.Int64 // the same on the clock's scale
	lastEnd   atomic.Int64 // when the last request ended
	inFlight  atomic.Int64
	refused   atomic.Int64
	errors    scriptErrors
}

// shardCount is a small number: each holds its own histograms.
const shardCount = 4

// New makes a ledger for these metrics, with a timeline of slots `slot` ns wide for phases of these names.
func New(metrics []*Metric, phases []string, slot int64) *Ledger {
	l := &Ledger{metrics: metrics, Timeline: newTimeline(metrics, phases, slot)}
	var gaps []*Metric
	for _, m := range metrics {
		if m.Gaps {
			gaps = append(gaps, m)
		}
	}
	for range shardCount {
		l.shards = append(l.shards, &Shard{rows: map[string]*row{}, gaps: gaps})
	}
	return l
}

// Shard is the one that the VU of this number books in.
func (l *Ledger) Shard(vu int) *Shard { return l.shards[vu%shardCount] }

// Begin notes the schedule's start: on the clock's scale, and as Unix ns.
func (l *Ledger) Begin(t, unix int64) {
	l.startedAt.Store(unix)
	l.start.Store(t)
}

// Start is when the schedule started, on the clock's scale; 0 before.
func (l *Ledger) Start() int64 { return l.start.Load() }

// StartedAt is when the schedule started, Unix ns; 0 before.
func (l *Ledger) StartedAt() int64 { return l.startedAt.Load() }

// SinceStart is t on the schedule's scale, -1 before it started.
func (l *Ledger) SinceStart(t int64) int64 {
	start := l.start.Load()
	if start == 0 {
		return -1
	}
	return t - start
}

// Enter counts one more request in flight and tells how many there are.
func (l *Ledger) Enter() int64 { return l.inFlight.Add(1) }

// Leave counts one less, which ended at t.
func (l *Ledger) Leave(t int64) {
	l.inFlight.Add(-1)
	for last := l.lastEnd.Load(); t > last && !l.lastEnd.CompareAndSwap(last, t); {
		last = l.lastEnd.Load()
	}
}

// InFlight is how many requests are under way.
func (l *Ledger) InFlight() int64 { return l.inFlight.Load() }

// LastEnd is when the last request ended, on the clock's scale.
func (l *Ledger) LastEnd() int64 { return l.lastEnd.Load() }

// Refuse counts a value that is not finite and was left out.
func (l *Ledger) Refuse() { l.refused.Add(1) }

// ScriptThrew counts an error of the script's.
func (l *Ledger) ScriptThrew(sentence string) { l.errors.add(sentence) }

// Totals are all shards added up; each is consistent in itself, so the sum is too.
type Totals struct {
	Counts
	Seen              *Seen
	Rows              []RowView
	Outcomes          []OutcomeView
	Refused           int64
	ScriptErrors      int64
	FirstScriptErrors []string
}

// Totals adds the shards up. Each row is put together within `part`, which may keep a fault in it from costing the
// rest.
func (l *Ledger) Totals(part func(name string, make func())) Totals {
	sum := &Shard{rows: map[string]*row{}}
	for _, s := range l.shards {
		sum.merge(s)
	}
	t := Totals{Counts: sum.counts, Seen: &sum.seen, Refused: l.refused.Load()}
	t.Rows, t.Outcomes = sum.views(l.metrics, part)
	t.ScriptErrors, t.FirstScriptErrors = l.errors.read()
	return t
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

func (e *scriptErrors) read() (count int64, first []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.count, append([]string{}, e.first...)
}
