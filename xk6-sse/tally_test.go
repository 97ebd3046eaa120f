package sse

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTallyGoesIntoTheHistogramsAndMakesNoSamples(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	before := len(u.samples)
	u.run(`sse.tally({model: 'm'}, {llm_ttft: [1, 2, 3], llm_error: 1})`)
	assert.Len(t, u.samples, before)
	var rows []rowView
	u.eval(&rows, `sse.snapshot().rows`)
	counts := map[string]uint64{}
	for _, row := range rows {
		assert.Equal(t, map[string]string{"model": "m"}, row.Tags)
		counts[row.Metric] = row.Histogram.Count
	}
	assert.Equal(t, map[string]uint64{"llm_ttft": 3, "llm_error": 1}, counts)
	_, err := u.rt.VU.RuntimeField.RunString(`sse.tally({}, {nothing: 1})`)
	assert.ErrorContains(t, err, "no metric nothing")
}

func TestSentAtIsOnTheMachinesClock(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("CLOCK_MONOTONIC is read on Linux only")
	}
	u := newVU(t, New(), oneSecond)
	before := monotonicEpoch + now()
	at := int64(u.run(`get('` + server(t, saying(sseHead+good)) + `', {}).sentAt`).ToInteger())
	assert.GreaterOrEqual(t, at, before)
	assert.LessOrEqual(t, at, monotonicEpoch+now())
}
