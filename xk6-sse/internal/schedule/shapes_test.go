package schedule

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/tracefile"
)

// dueOf are all due times of a schedule, seconds.
func dueOf(t *testing.T, spec Spec) []float64 {
	t.Helper()
	s, err := New(spec)
	require.NoError(t, err)
	planned, more := s.Planned(10_000_000)
	require.False(t, more)
	due := make([]float64, len(planned))
	for i, ns := range planned {
		due[i] = float64(ns) / 1e9
	}
	return due
}

func flat(rate, seconds float64) []Segment {
	return []Segment{{Phase: "only", From: rate, To: rate, Seconds: seconds}}
}

func TestMarkovArrivalsKeepTheMeanRateAndComeInBurstsOfTheLengthAsked(t *testing.T) {
	const rate, seconds, burst, factor, share = 100.0, 20_000.0, 10.0, 6.0, 0.1
	due := dueOf(t, Spec{
		Arrivals: "markov", Seed: 3, Segments: flat(rate, seconds), Markov: &MarkovSpec{Factor: factor, Seconds: burst, Share: share},
	})
	// The number of bursts varies by 1 through its root: 200 of them, so 7 %, twice for length and place.
	assert.InEpsilon(t, rate*seconds, float64(len(due)), 0.15)
	// Seconds of a burst have 600 requests, calm ones 44: 200 tells them apart.
	counts := make([]int, int(seconds))
	for _, at := range due {
		counts[int(at)]++
	}
	bursts, busy := 0, 0
	for i, n := range counts {
		if n > 200 {
			busy++
			if i == 0 || counts[i-1] <= 200 {
				bursts++
			}
		}
	}
	assert.InEpsilon(t, share, float64(busy)/seconds, 0.25)
	assert.InEpsilon(t, burst, float64(busy)/float64(bursts), 0.25)
}

func TestDailyArrivalsFollowTheCurveOverTheWholeSchedule(t *testing.T) {
	day := []float64{1, 0, 1, 4}
	due := dueOf(t, Spec{Arrivals: "daily", Seed: 1, Segments: flat(100, 4000), Day: day})
	assert.InEpsilon(t, 400_000, float64(len(due)), 0.02)
	parts := make([]float64, 4)
	for _, at := range due {
		parts[int(at/1000)]++
	}
	// A part goes straight from its weight to the next one's; the weights' sum is 6, their mean 1.5.
	for i, n := range parts {
		mean := (day[i] + day[(i+1)%4]) / 2 / 1.5
		assert.InEpsilon(t, 100_000*mean, n, 0.03, "part %d", i)
	}
}

func traced() Spec {
	entries := []tracefile.Entry{}
	for i := range 1000 {
		entries = append(entries, tracefile.Entry{At: float64(i*i) / 1e4})
	}
	trace := &tracefile.Trace{Entries: entries, Seconds: 100}
	return Spec{Arrivals: "trace", Segments: flat(10, 100), Trace: trace}
}

func TestATraceIsReplayedAtItsOwnTimes(t *testing.T) {
	spec := traced()
	due := dueOf(t, spec)
	require.Len(t, due, len(spec.Trace.Entries))
	for i, at := range due {
		assert.InDelta(t, spec.Trace.Entries[i].At, at, 1e-6)
	}
}

func TestExecutionSegmentsShareATraceSoThatTheUnionIsTheTrace(t *testing.T) {
	sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/3,1")
	require.NoError(t, err)
	var all []int64
	for _, part := range sequence {
		s, err := New(traced())
		require.NoError(t, err)
		tuple, err := lib.NewExecutionTuple(part, &sequence)
		require.NoError(t, err)
		s.ShareOut(tuple)
		for {
			a, ok, _, _ := s.Claim(0)
			if !ok {
				break
			}
			assert.InDelta(t, s.spec.Trace.Entries[a.Index].At, float64(a.Due)/1e9, 1e-6, "its own line of the trace")
			all = append(all, a.Index)
		}
	}
	slices.Sort(all)
	require.Len(t, all, 1000)
	for i, index := range all {
		assert.EqualValues(t, i, index)
	}
}
