package sse

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

func TestTallyGoesIntoTheHistogramsAndItsSamplesAreOfTheTimeGiven(t *testing.T) {
	u := newVU(t, New(), oneArrival)
	u.run(recording("1"))
	for len(u.samples) > 0 {
		<-u.samples
	}
	u.run(`for (const at of [10, 10, 500]) sse.tally({model: 'm'}, {llm_ttft: [1, 2, 3], llm_error: 1}, at)`)
	var rows []ledger.RowView
	u.eval(&rows, `sse.snapshot().rows`)
	counts := map[string]uint64{}
	for _, row := range rows {
		if row.Tags["model"] == "m" {
			counts[row.Metric] = row.Histogram.Count
		}
	}
	assert.Equal(t, map[string]uint64{"llm_ttft": 9, "llm_error": 3}, counts)

	drawn, began := map[string]int{}, time.Unix(0, u.v.load.ledger.StartedAt())
	at, seen := []float64{10, 10, 500}, map[time.Time]bool{}
	for i := range at {
		for _, s := range (<-u.samples).GetSamples() {
			drawn[s.Metric.Name]++
			assert.InDelta(t, at[i], float64(s.Time.Sub(began))/1e6, 1)
			assert.False(t, seen[s.Time], "InfluxDB keeps one point of a time")
			seen[s.Time] = true
		}
	}
	assert.Equal(t, map[string]int{"llm_ttft": 6, "llm_error": 3}, drawn, "two of a list at most, as of gaps")
	// The start was worked out anew for each, some nanoseconds off: now and then two samples met.
	for range 200 {
		u.run(`sse.tally({model: 'm'}, {llm_ttft: [1, 2, 3], llm_error: 1}, 10)`)
		for _, s := range (<-u.samples).GetSamples() {
			assert.False(t, seen[s.Time], "InfluxDB keeps one point of a time")
			seen[s.Time] = true
		}
	}
	_, err := u.rt.VU.RuntimeField.RunString(`sse.tally({}, {nothing: 1}, 0)`)
	assert.ErrorContains(t, err, "no metric nothing")
}

func TestSentAtIsOnTheMachinesClock(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("CLOCK_MONOTONIC is read on Linux only")
	}
	u := newVU(t, New(), oneSecond)
	before := clock.Boot(clock.Now())
	at := int64(u.run(`get('` + server(t, saying(sseHead+good)) + `', {}).sentAt`).ToInteger())
	assert.GreaterOrEqual(t, at, before)
	assert.LessOrEqual(t, at, clock.Boot(clock.Now()))
}
