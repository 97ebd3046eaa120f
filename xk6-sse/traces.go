package sse

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// How many traces are kept: who looks for a cause looks at a few.
const (
	slowestTraces = 20
	failedTraces  = 5 // of each outcome, the first ones
)

// traceView is one request that carried a sampled traceparent. Trace ids stand here and in no tag: each is a value of
// its own.
type traceView struct {
	ID      string            `json:"id"`
	Span    string            `json:"span"`
	Outcome outcome.Outcome   `json:"outcome"`
	Sent    float64           `json:"sent"`
	TTFT    float64           `json:"ttft"`
	E2E     float64           `json:"e2e"`
	Tags    map[string]string `json:"tags"`
}

// traces keeps the slowest requests that ended well and the first that failed, among those whose trace is sampled.
type traces struct {
	mu      sync.Mutex
	sampled int64
	slowest []traceView // by e2e, the slowest first
	failed  []traceView
	counts  map[outcome.Outcome]int // of failed, by outcome
}

// sampledTrace reads the ids of a `traceparent` header (W3C Trace Context, level 1) that says sampled; "" without one.
func sampledTrace(headers []header) (trace, span string) {
	for _, h := range headers {
		if !strings.EqualFold(h.name, "traceparent") {
			continue
		}
		parts := strings.Split(h.value, "-")
		if len(parts) == 4 && len(parts[1]) == 32 && len(parts[2]) == 16 && parts[3] == "01" {
			return parts[1], parts[2]
		}
	}
	return "", ""
}

// add books the trace of a settled request, if it has one that is sampled.
func (t *traces) add(r *Record, tags map[string]string) {
	if r.trace == "" {
		return
	}
	took := r.e2e
	if took < 0 {
		took = r.end
	}
	view := traceView{
		ID: r.trace, Span: r.span, Outcome: r.outcome, Sent: r.sentSinceStart(), TTFT: orNone(r.ttft), E2E: orNone(took), Tags: tags,
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sampled++
	if !r.outcome.Good() {
		if t.counts == nil {
			t.counts = map[outcome.Outcome]int{}
		}
		if t.counts[r.outcome]++; t.counts[r.outcome] <= failedTraces {
			t.failed = append(t.failed, view)
		}
		return
	}
	at, _ := slices.BinarySearchFunc(t.slowest, view, func(a, b traceView) int { return cmp.Compare(b.E2E, a.E2E) })
	if at < slowestTraces {
		t.slowest = slices.Insert(t.slowest, at, view)
		t.slowest = t.slowest[:min(len(t.slowest), slowestTraces)]
	}
}

// orNone is a duration in ms, -1 for what did not happen.
func orNone(ns int64) float64 {
	if ns < 0 {
		return -1
	}
	return clock.Ms(ns)
}

// Traces is traces().
func (v *VU) Traces(sobek.FunctionCall) sobek.Value {
	t := &v.load.traces
	t.mu.Lock()
	raw, err := json.Marshal(map[string]any{
		"sampled": t.sampled, "slowest": append([]traceView{}, t.slowest...), "failed": append([]traceView{}, t.failed...),
	})
	t.mu.Unlock()
	if err != nil {
		v.fail("traces(): " + err.Error())
	}
	return v.plain("traces()", raw)
}
