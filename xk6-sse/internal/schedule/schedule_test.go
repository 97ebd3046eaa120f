package schedule

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
)

const second = int64(1e9)

// lay makes the schedule of these segments with a seed.
func lay(t *testing.T, kind string, seed float64, segments ...Segment) *Schedule {
	t.Helper()
	s, err := New(Spec{Arrivals: kind, Seed: seed, Segments: segments})
	require.NoError(t, err)
	return s
}

// all claims every arrival at the schedule's start, under virtual time.
func all(s *Schedule) (list []Arrival) {
	for {
		a, ok, _, _ := s.Claim(0)
		if !ok {
			return list
		}
		list = append(list, a)
	}
}

func TestConstantArrivalsAreExact(t *testing.T) {
	list := all(lay(t, "constant", 1, Segment{"a", 3, 3, 1000}, Segment{"b", 500, 500, 10}))
	require.Len(t, list, 3000+5000)
	for i, a := range list[:3000] {
		assert.InDelta(t, float64(i)/3*1e9, a.Due, 1)
		assert.EqualValues(t, i, a.Index)
	}
	for i, a := range list[3000:] {
		require.InDelta(t, 1000e9+float64(i)/500*1e9, a.Due, 1)
		require.Equal(t, 1, a.Phase)
	}
}

func TestRatesThatAreNoWholeNumbers(t *testing.T) {
	// 0.1 * 3 * 10 and their like miss whole numbers by a rounding error, which must not move an arrival.
	var segments []Segment
	for range 100 {
		segments = append(segments, Segment{"a", 0.1, 0.1, 30})
	}
	list := all(lay(t, "constant", 1, segments...))
	require.Len(t, list, 300)
	for i, a := range list {
		assert.InDelta(t, float64(i)*10e9, a.Due, 10)
	}
}

func TestRampsFollowTheIntegral(t *testing.T) {
	for _, s := range []Segment{{"up", 0, 100, 10}, {"down", 100, 0, 10}, {"steep", 5, 500, 10}} {
		list := all(lay(t, "constant", 1, s))
		require.Len(t, list, int(math.Round(s.arrivals())), s.Phase)
		for i, a := range list {
			at := float64(a.Due) / 1e9
			integral := s.From*at + (s.To-s.From)*at*at/2/s.Seconds
			require.InDelta(t, float64(i), integral, 1e-4, "%s %d", s.Phase, i)
		}
	}
}

func TestPausesHaveNoArrivals(t *testing.T) {
	list := all(lay(t, "constant", 1, Segment{"a", 1, 1, 2}, Segment{"pause", 0, 0, 60}, Segment{"b", 1, 1, 2}))
	require.Len(t, list, 4)
	assert.Equal(t, 62*second, list[2].Due)
}

func TestPoissonGapsAreExponential(t *testing.T) {
	const rate, n = 200.0, 50_000
	list := all(lay(t, "poisson", 7, Segment{"a", rate, rate, n / rate}))
	assert.InDelta(t, n, len(list), 4*math.Sqrt(n))
	gaps := make([]float64, len(list)-1)
	for i := range gaps {
		gaps[i] = float64(list[i+1].Due-list[i].Due) / 1e9
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
	segments := []Segment{{"a", 10, 100, 20}}
	assert.Equal(t, all(lay(t, "poisson", 3, segments...)), all(lay(t, "poisson", 3, segments...)))
	assert.NotEqual(t, all(lay(t, "poisson", 3, segments...)), all(lay(t, "poisson", 4, segments...)))
}

func TestArrivalsOfAnEndedPhaseAreDropped(t *testing.T) {
	s := lay(t, "constant", 1, Segment{"a", 10, 10, 1}, Segment{"b", 10, 10, 1})
	a, ok, dropped, _ := s.Claim(second + 1)
	assert.True(t, ok)
	assert.EqualValues(t, 10, dropped)
	assert.Equal(t, Arrival{10, 1, second}, a)
	_, ok, dropped, _ = s.Claim(3 * second)
	assert.False(t, ok)
	assert.EqualValues(t, 9, dropped)
}

func TestPendingLooksAheadWithoutTaking(t *testing.T) {
	for _, kind := range []string{"constant", "poisson"} {
		s := lay(t, kind, 1, Segment{"a", 10, 10, 1}, Segment{"b", 20, 20, 1})
		due := s.pending(2 * second)
		list := all(s)
		n := make([]int64, 2)
		for _, a := range list {
			n[a.Phase]++
		}
		assert.Equal(t, n, due, kind)
	}
}

func TestJumpGoesOnFromNow(t *testing.T) {
	s := lay(t, "constant", 1, Segment{"a", 10, 10, 100}, Segment{"b", 1, 1, 5}, Segment{"c", 2, 2, 5})
	first, _, _, claimed := s.Claim(0)
	assert.True(t, s.Hand(first, true, claimed))
	held, _, _, claimed := s.Claim(0) // due at 0.1 s, a VU waits for it
	assert.EqualValues(t, 0, s.Jump("b", second/20))
	assert.False(t, s.Hand(held, true, claimed), "revoked")
	select {
	case <-claimed:
	default:
		assert.Fail(t, "who waits is not woken")
	}
	s.Jump("b", second/10) // acts once
	list := all(s)
	require.Len(t, list, 5+10)
	assert.Equal(t, Arrival{1, 1, second / 20}, list[0])
	assert.Equal(t, second/20+5*second, list[5].Due)
	assert.Equal(t, second/20, s.phases[0].End)
	assert.Equal(t, second/20+10*second, s.End())
}

func TestJumpDropsWhatWasDue(t *testing.T) {
	s := lay(t, "constant", 1, Segment{"a", 10, 10, 100}, Segment{"b", 1, 1, 5})
	assert.EqualValues(t, 11, s.Jump("b", second))
	late, _, _, _ := s.Claim(second)
	assert.Equal(t, 1, late.Phase)
}

// Each arrival keeps its number among all, by which a script draws what to send: with numbers of their own, all instances
// sent the same prompts.
func TestSegmentsShareTheSchedule(t *testing.T) {
	for _, kind := range []string{"constant", "poisson"} {
		segments := []Segment{{"a", 10, 50, 20}}
		whole := all(lay(t, kind, 5, segments...))
		sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/3,2/3,1")
		require.NoError(t, err)
		var union []Arrival
		for _, share := range sequence {
			tuple, err := lib.NewExecutionTuple(share, &sequence)
			require.NoError(t, err)
			s := lay(t, kind, 5, segments...)
			s.ShareOut(tuple)
			union = append(union, all(s)...)
		}
		slices.SortFunc(union, func(a, b Arrival) int { return int(a.Index - b.Index) })
		assert.Equal(t, whole, union, kind)
	}
}

func TestSegmentsOfAClosedScheduleHaveNumbersOfTheirOwn(t *testing.T) {
	sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/3,2/3,1")
	require.NoError(t, err)
	var numbers []int64
	for _, share := range sequence {
		tuple, err := lib.NewExecutionTuple(share, &sequence)
		require.NoError(t, err)
		s := lay(t, "closed", 1, Segment{"a", 1, 1, 10})
		s.ShareOut(tuple)
		for range 10 {
			a, _, _, _ := s.Claim(second)
			numbers = append(numbers, a.Index)
		}
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		assert.EqualValues(t, i, n)
	}
}

func TestBurstsComeAtOneInstantAndKeepTheRate(t *testing.T) {
	s, err := New(Spec{Arrivals: "constant", Burst: 50, Segments: []Segment{{"a", 100, 100, 10}}})
	require.NoError(t, err)
	list := all(s)
	require.Len(t, list, 1000)
	for i, a := range list {
		require.EqualValues(t, int64(i/50)*second/2, a.Due)
	}
}

// A group belongs to the segment in which its first arrival lies: the next segment begins with a group of its own.
func TestBurstsBeginAnewWithEachSegment(t *testing.T) {
	s, err := New(Spec{Arrivals: "constant", Burst: 50, Segments: []Segment{{"a", 70, 70, 1}, {"b", 100, 100, 1}}})
	require.NoError(t, err)
	at := map[int64]int{}
	for _, a := range all(s) {
		at[a.Due]++
	}
	assert.Equal(t, map[int64]int{0: 50, second * 5 / 7: 20, second: 50, second * 3 / 2: 50}, at)
}

func TestPlannedArrivalsAreThoseThatAreHandedOut(t *testing.T) {
	s := lay(t, "poisson", 9, Segment{"a", 10, 50, 5}, Segment{"b", 50, 50, 5})
	due, more := s.Planned(1000)
	assert.False(t, more)
	list := all(s)
	require.Len(t, due, len(list))
	for i, a := range list {
		require.Equal(t, a.Due, due[i])
	}
	due, more = s.Planned(3)
	assert.Len(t, due, 3)
	assert.True(t, more)
}

func TestWhatIsWrongWithAScheduleIsSaid(t *testing.T) {
	one := []Segment{{"a", 1, 1, 1}}
	for says, spec := range map[string]Spec{
		`"weibull"; allowed are closed, constant, daily, gamma, markov, poisson, trace`: {Arrivals: "weibull", Segments: one},
		"no segments":                         {Arrivals: "constant"},
		"bursts are of constant arrivals":     {Arrivals: "poisson", Burst: 2, Segments: one},
		"5 with closed arrivals":              {Arrivals: "closed", Burst: 5, Segments: one},
		"burst is -1":                         {Arrivals: "constant", Burst: -1, Segments: one},
		"phase a has a negative or missing":   {Arrivals: "constant", Segments: []Segment{{"a", -1, 1, 1}}},
		"phase b has a negative or missing n": {Arrivals: "constant", Segments: []Segment{{"b", 1, 1, math.NaN()}}},
	} {
		_, err := New(spec)
		assert.ErrorContains(t, err, says)
	}
}

func TestAClosedScheduleHandsOutAtOnceUntilItsEnd(t *testing.T) {
	s := lay(t, "closed", 1, Segment{"a", 0, 0, 1}, Segment{"b", 0, 0, 1})
	for i, at := range []int64{0, 5, second} {
		a, ok, dropped, claimed := s.Claim(at)
		assert.True(t, ok)
		assert.Zero(t, dropped)
		assert.Equal(t, Arrival{int64(i), int(at / second), at}, a)
		assert.True(t, s.Hand(a, false, claimed))
	}
	assert.Zero(t, s.Jump("b", 2*second))
	_, ok, _, _ := s.Claim(2 * second)
	assert.False(t, ok)
	phases, due, _ := s.Report(2 * second)
	assert.Equal(t, []int64{2, 1}, due)
	assert.Zero(t, phases[0].Waited, "nobody is late where nothing is due")
	list, more := s.Planned(10)
	assert.Empty(t, list)
	assert.False(t, more)
}

func TestRateIsThatOfTheSegmentThatRuns(t *testing.T) {
	s := lay(t, "constant", 1, Segment{"a", 0, 100, 10}, Segment{"a", 100, 100, 10}, Segment{"b", 5, 5, 10})
	for at, want := range map[int64]float64{
		0: 0, 5 * second: 50, 15 * second: 100, 20 * second: 5, 29 * second: 5,
	} {
		rate, ok := s.Rate(at)
		assert.True(t, ok)
		assert.InDelta(t, want, rate, 1e-9, "%d", at)
	}
	_, ok := s.Rate(30 * second)
	assert.False(t, ok, "after the end")
	s.Claim(0)
	s.Jump("b", 3*second)
	rate, _ := s.Rate(4 * second)
	assert.InDelta(t, 5, rate, 1e-9, "after a jump")
	_, ok = lay(t, "closed", 1, Segment{"a", 1, 1, 10}).Rate(second)
	assert.False(t, ok, "a closed model wants no rate")
}

func TestRateOfAnExecutionSegmentIsItsShare(t *testing.T) {
	sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/4,1")
	require.NoError(t, err)
	var sum float64
	for i, want := range []float64{10, 30} {
		tuple, err := lib.NewExecutionTuple(sequence[i], &sequence)
		require.NoError(t, err)
		s := lay(t, "constant", 5, Segment{"a", 40, 40, 20})
		s.ShareOut(tuple)
		rate, _ := s.Rate(second)
		assert.InDelta(t, want, rate, 1e-9)
		sum += rate
	}
	assert.InDelta(t, 40, sum, 1e-9)
}
