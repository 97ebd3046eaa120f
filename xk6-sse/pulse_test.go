package sse

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
)

func TestRateIsThatOfTheSegmentThatRuns(t *testing.T) {
	s := newSchedule("constant", 1, []segment{{"a", 0, 100, 10}, {"a", 100, 100, 10}, {"b", 5, 5, 10}})
	for at, want := range map[int64]float64{0: 0, 5 * second: 50, 15 * second: 100, 20 * second: 5, 29 * second: 5} {
		rate, ok := s.rate(at)
		assert.True(t, ok)
		assert.InDelta(t, want, rate, 1e-9, "%d", at)
	}
	_, ok := s.rate(30 * second)
	assert.False(t, ok, "after the end")
	s.claim(0)
	s.jump("b", 3*second)
	rate, _ := s.rate(4 * second)
	assert.InDelta(t, 5, rate, 1e-9, "after a jump")
	_, ok = newSchedule("closed", 1, []segment{{"a", 1, 1, 10}}).rate(second)
	assert.False(t, ok, "a closed model wants no rate")
}

func TestRateOfAnExecutionSegmentIsItsShare(t *testing.T) {
	sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/4,1")
	require.NoError(t, err)
	var sum float64
	for i, want := range []float64{10, 30} {
		tuple, err := lib.NewExecutionTuple(sequence[i], &sequence)
		require.NoError(t, err)
		s := newSchedule("constant", 5, []segment{{"a", 40, 40, 20}})
		s.share(tuple)
		rate, _ := s.rate(second)
		assert.InDelta(t, want, rate, 1e-9)
		sum += rate
	}
	assert.InDelta(t, 40, sum, 1e-9)
}

func TestPulseTellsRateAndInFlightWhileTheLoadRuns(t *testing.T) {
	u := newVU(t, New(), "")
	u.run(`sse.configure({metrics: [
		{name: 'llm_wanted_rate', type: 'trend', pulse: 'wantedRate'}, {name: 'llm_in_flight', type: 'gauge', pulse: 'inFlight'},
		{name: 'llm_generator_cpu', type: 'gauge', pulse: 'cpu'},
	], schedule: {arrivals: 'constant', seed: 1, segments: [{phase: 'only', from: 10, to: 10, seconds: 30}]}, slotSeconds: 1, gapSamples: 2})`)
	u.rt.MoveToVUContext(u.state)
	u.v.root.ledger.inFlight.Store(3)
	u.run(`sse.next()`)
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
