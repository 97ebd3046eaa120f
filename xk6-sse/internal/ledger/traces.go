package ledger

import (
	"cmp"
	"slices"
	"sync"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// How many traces are kept: who looks for a cause looks at a few.
const (
	SlowestTraces = 20
	FailedTraces  = 5 // of each outcome, the first ones
)

// TraceView is one request that carried a sampled traceparent. Trace ids stand here and in no tag: each is a value of
// its own.
type TraceView struct {
	ID      string            `json:"id"`
	Span    string            `json:"span"`
	Outcome outcome.Outcome   `json:"outcome"`
	Sent    float64           `json:"sent"`
	TTFT    float64           `json:"ttft"`
	E2E     float64           `json:"e2e"`
	Tags    map[string]string `json:"tags"`
}

// Traces keeps the slowest requests that ended well and the first that failed, among those whose trace is sampled.
type Traces struct {
	mu      sync.Mutex
	sampled int64
	slowest []TraceView // by e2e, the slowest first
	failed  []TraceView
	counts  map[outcome.Outcome]int // of failed, by outcome
}

// Add books the trace of a settled request.
func (t *Traces) Add(view TraceView) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sampled++
	if !view.Outcome.Good() {
		if t.counts == nil {
			t.counts = map[outcome.Outcome]int{}
		}
		if t.counts[view.Outcome]++; t.counts[view.Outcome] <= FailedTraces {
			t.failed = append(t.failed, view)
		}
		return
	}
	at, _ := slices.BinarySearchFunc(t.slowest, view, func(a, b TraceView) int { return cmp.Compare(b.E2E, a.E2E) })
	if at < SlowestTraces {
		t.slowest = slices.Insert(t.slowest, at, view)
		t.slowest = t.slowest[:min(len(t.slowest), SlowestTraces)]
	}
}

// Read gives what was kept, and how many were sampled in all.
func (t *Traces) Read() (sampled int64, slowest, failed []TraceView) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sampled, append([]TraceView{}, t.slowest...), append([]TraceView{}, t.failed...)
}
