package sse

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPulseTellsRateAndInFlightWhileTheLoadRuns(t *testing.T) {
	u := newVU(t, New(), "")
	u.run(`sse.configure({metrics: [
		{name: 'llm_wanted_rate', type: 'trend', pulse: 'wantedRate'},
		{name: 'llm_in_flight', type: 'gauge', pulse: 'inFlight'},
		{name: 'llm_generator_cpu', type: 'gauge', pulse: 'cpu'},
	], schedule: {arrivals: 'constant', seed: 1, segments: [{phase: 'only', from: 10, to: 10, seconds: 30}]},
	slotSeconds: 1, gapSamples: 2})`)
	u.rt.MoveToVUContext(u.state)
	for range 3 {
		u.v.load.ledger.Enter()
	}
	var load sync.WaitGroup
	load.Go(func() { u.run(recording("1")) })
	defer load.Wait()
	defer u.cancel()
	seen := map[string]float64{}
	deadline := time.After(10 * time.Second)
	for len(seen) < 3 {
		select {
		case c := <-u.samples:
			for _, s := range c.GetSamples() {
				seen[s.Metric.Name] = s.Value
				phase, _ := s.Tags.Get("phase")
				assert.Equal(t, "only", phase)
			}
		case <-deadline:
			require.Fail(t, "no pulse", "%v", seen)
		}
	}
	cpu := seen["llm_generator_cpu"]
	assert.True(t, cpu >= 0 && cpu <= 1, cpu)
	delete(seen, "llm_generator_cpu")
	assert.Equal(t, map[string]float64{"llm_wanted_rate": 10, "llm_in_flight": 3}, seen)
}
