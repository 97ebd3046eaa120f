package sse

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
)

const second = int64(1e9)

// all claims every arrival at the schedule's start, under virtual time.
func all(s *schedule) (list []arrival) {
	for {
		a, ok, _, _ := s.claim(0)
		if !ok {
			return list
		}
		list = append(list, a)
	}
}

func TestConstantArrivalsAreExact(t *testing.T) {
	list := all(newSchedule("constant", 1, []segment{{"a", 3, 3, 1000}, {"b", 500, 500, 10}}))
	require.Len(t, list, 3000+5000)
	for i, a := range list[:3000] {
		assert.InDelta(t, float64(i)/3*1e9, a.scheduled, 1)
		assert.EqualValues(t, i, a.index)
	}
	for i, a := range list[3000:] {
		require.InDelta(t, 1000e9+float64(i)/500*1e9, a.scheduled, 1)
		require.Equal(t, 1, a.phase)
	}
}

func TestRatesThatAreNoWholeNumbers(t *testing.T) {
	// 0.1 * 3 * 10 and their like miss whole numbers by a rounding error, which must not move an arrival.
	var segments []segment
	for range 100 {
		segments = append(segments, segment{"a", 0.1, 0.1, 30})
	}
	list := all(newSchedule("constant", 1, segments))
	require.Len(t, list, 300)
	for i, a := range list {
		assert.InDelta(t, float64(i)*10e9, a.scheduled, 10)
	}
}

func TestRampsFollowTheIntegral(t *testing.T) {
	for _, s := range []segment{{"up", 0, 100, 10}, {"down", 100, 0, 10}, {"steep", 5, 500, 10}} {
		list := all(newSchedule("constant", 1, []segment{s}))
		require.Len(t, list, int(math.Round(s.arrivals())), s.Phase)
		for i, a := range list {
			at := float64(a.scheduled) / 1e9
			integral := s.From*at + (s.To-s.From)*at*at/2/s.Seconds
			require.InDelta(t, float64(i), integral, 1e-4, "%s %d", s.Phase, i)
		}
	}
}

func TestPausesHaveNoArrivals(t *testing.T) {
	list := all(newSchedule("constant", 1, []segment{{"a", 1, 1, 2}, {"pause", 0, 0, 60}, {"b", 1, 1, 2}}))
	require.Len(t, list, 4)
	assert.Equal(t, 62*second, list[2].scheduled)
}

func TestPoissonGapsAreExponential(t *testing.T) {
	const rate, n = 200.0, 50_000
	list := all(newSchedule("poisson", 7, []segment{{"a", rate, rate, n / rate}}))
	assert.InDelta(t, n, len(list), 4*math.Sqrt(n))
	gaps := make([]float64, len(list)-1)
	for i := range gaps {
		gaps[i] = float64(list[i+1].scheduled-list[i].scheduled) / 1e9
	}
	slices.Sort(gaps)
	// Kolmogorov and Smirnov: the largest distance to 1 - exp(-rate x); 1.63/sqrt(n) is the 1 % limit.
	var d float64
	for i, x := range gaps {
		f := 1 - math.Exp(-rate*x)
		d = max(d, math.Abs(f-float64(i)/float64(len(gaps))), math.Abs(f-float64(i+1)/float64(len(gaps))))
	}
	assert.Less(t, d, 1.63/math.Sqrt(float64(len(gaps))))
}

func TestPoissonRepeatsWithItsSeed(t *testing.T) {
	segments := []segment{{"a", 10, 100, 20}}
	assert.Equal(t, all(newSchedule("poisson", 3, segments)), all(newSchedule("poisson", 3, segments)))
	assert.NotEqual(t, all(newSchedule("poisson", 3, segments)), all(newSchedule("poisson", 4, segments)))
}

func TestArrivalsOfAnEndedPhaseAreDropped(t *testing.T) {
	s := newSchedule("constant", 1, []segment{{"a", 10, 10, 1}, {"b", 10, 10, 1}})
	a, ok, dropped, _ := s.claim(second + 1)
	assert.True(t, ok)
	assert.EqualValues(t, 10, dropped)
	assert.Equal(t, arrival{10, 1, second}, a)
	_, ok, dropped, _ = s.claim(3 * second)
	assert.False(t, ok)
	assert.EqualValues(t, 9, dropped)
}

func TestPendingLooksAheadWithoutTaking(t *testing.T) {
	for _, kind := range []string{"constant", "poisson"} {
		s := newSchedule(kind, 1, []segment{{"a", 10, 10, 1}, {"b", 20, 20, 1}})
		due := s.pending(2 * second)
		list := all(s)
		n := map[int]int64{}
		for _, a := range list {
			n[a.phase]++
		}
		assert.Equal(t, n, due, kind)
	}
}

func TestJumpGoesOnFromNow(t *testing.T) {
	s := newSchedule("constant", 1, []segment{{"a", 10, 10, 100}, {"b", 1, 1, 5}, {"c", 2, 2, 5}})
	first, _, _, claimed := s.claim(0)
	assert.True(t, s.hand(first, false, claimed))
	held, _, _, claimed := s.claim(0) // due at 0.1 s, a VU waits for it
	assert.EqualValues(t, 0, s.jump("b", second/20))
	assert.False(t, s.hand(held, false, claimed), "revoked")
	select {
	case <-claimed:
	default:
		assert.Fail(t, "who waits is not woken")
	}
	s.jump("b", second/10) // acts once
	list := all(s)
	require.Len(t, list, 5+10)
	assert.Equal(t, arrival{1, 1, second / 20}, list[0])
	assert.Equal(t, second/20+5*second, list[5].scheduled)
	assert.Equal(t, second/20, s.phases[0].end)
	assert.Equal(t, second/20+10*second, s.end())
}

func TestJumpDropsWhatWasDue(t *testing.T) {
	s := newSchedule("constant", 1, []segment{{"a", 10, 10, 100}, {"b", 1, 1, 5}})
	assert.EqualValues(t, 11, s.jump("b", second))
	late, _, _, _ := s.claim(second)
	assert.Equal(t, 1, late.phase)
}

func TestSegmentsShareTheSchedule(t *testing.T) {
	for _, kind := range []string{"constant", "poisson"} {
		segments := []segment{{"a", 10, 50, 20}}
		whole := all(newSchedule(kind, 5, segments))
		sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/3,2/3,1")
		require.NoError(t, err)
		var union []int64
		for _, share := range sequence {
			tuple, err := lib.NewExecutionTuple(share, &sequence)
			require.NoError(t, err)
			s := newSchedule(kind, 5, segments)
			s.share(tuple)
			for _, a := range all(s) {
				union = append(union, a.scheduled)
			}
		}
		slices.Sort(union)
		want := make([]int64, len(whole))
		for i, a := range whole {
			want[i] = a.scheduled
		}
		assert.Equal(t, want, union, kind)
	}
}

func TestBurstsComeAtOneInstantAndKeepTheRate(t *testing.T) {
	s := newSchedule("constant", 1, []segment{{"a", 100, 100, 10}})
	s.burst = 50
	list := all(s)
	require.Len(t, list, 1000)
	for i, a := range list {
		require.EqualValues(t, int64(i/50)*second/2, a.scheduled)
	}
}

func TestPlannedArrivalsAreThoseThatAreHandedOut(t *testing.T) {
	lay := func() *schedule {
		return newSchedule("poisson", 9, []segment{{"a", 10, 50, 5}, {"b", 50, 50, 5}})
	}
	due, more := planned(lay(), 1000)
	assert.False(t, more)
	list := all(lay())
	require.Len(t, due, len(list))
	for i, a := range list {
		require.InDelta(t, ms(a.scheduled), due[i], 1e-9)
	}
	due, more = planned(lay(), 3)
	assert.Len(t, due, 3)
	assert.True(t, more)
}
