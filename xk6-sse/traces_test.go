package sse

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

func TestTracesAreTheSlowestAndTheFirstThatFailed(t *testing.T) {
	root := New()
	u := newVU(t, root, oneSecond)
	settled := func(i int, o outcome.Outcome, e2e int64) {
		r := &Record{
			v:       u.v,
			outcome: o,
			trace:   fmt.Sprintf("%032d", i),
			span:    "00f067aa0ba902b7",
			e2e:     e2e * 1e6,
			end:     7e6,
			ttft:    -1,
		}
		root.load.traces.Add(r.traced(map[string]string{"phase": "only"}))
	}
	for i := range 100 {
		settled(i, "ok", int64(i*37%100))
	}
	for i := range 9 {
		settled(100+i, "http_5xx", -1)
		settled(200+i, "empty", -1)
	}
	var told struct {
		Sampled         int64
		Slowest, Failed []ledger.TraceView
	}
	u.eval(&told, `sse.traces()`)
	assert.EqualValues(t, 118, told.Sampled)
	require.Len(t, told.Slowest, ledger.SlowestTraces)
	for i, view := range told.Slowest {
		assert.InDelta(t, 99-i, view.E2E, 1e-9)
	}
	require.Len(t, told.Failed, 2*ledger.FailedTraces)
	assert.Equal(t, fmt.Sprintf("%032d", 100), told.Failed[0].ID)
	assert.InDelta(t, 7, told.Failed[0].E2E, 1e-9, "how long it took to fail")
	assert.Equal(t, map[string]string{"phase": "only"}, told.Failed[0].Tags)
}

func TestTraceOfARequestIsThatOfItsHeaderWhenSampled(t *testing.T) {
	const id, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for value, want := range map[string]string{
		"00-" + id + "-" + span + "-01": id, "00-" + id + "-" + span + "-00": "", "": "", "00-1-2-01": "", "x": "",
	} {
		trace, _ := sampledTrace([]wire.Header{{Name: "Content-Type", Value: "a"}, {Name: "Traceparent", Value: value}})
		assert.Equal(t, want, trace, value)
	}
	u := newVU(t, New(), oneSecond)
	u.run(
		`const r = get('` + server(
			t,
			saying(sseHead+good),
		) + `', {headers: {traceparent: '00-` + id + `-` + span + `-01'}});
		r.settle()`,
	)
	assert.Equal(t, id, u.run(`sse.traces().slowest[0].id`).String())
	assert.Equal(t, span, u.run(`sse.traces().slowest[0].span`).String())
}
