package schedule

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
)

// holding makes a schedule of which some phases hold a number in flight.
func holding(t *testing.T, inFlight map[string]int, segments ...Segment) *Schedule {
	t.Helper()
	s, err := New(Spec{Arrivals: "constant", Segments: segments, InFlight: inFlight})
	require.NoError(t, err)
	return s
}

// sends claims at t and hands out, until the next would have to wait; it returns how many that were.
func sends(t *testing.T, s *Schedule, at int64) (n int, until int64) {
	t.Helper()
	for ; ; n++ {
		a, ok, _, claimed := s.Claim(at)
		if !ok {
			return n, 0
		}
		if a.Phase == Waits {
			s.Leave(claimed)
			return n, a.Due
		}
		require.True(t, s.Hand(a, false, claimed))
	}
}

func TestAPhaseHoldsItsNumberInFlightAndCountsWhatThePhaseBeforeLeft(t *testing.T) {
	s := holding(t, map[string]int{"four": 4, "two": 2}, Segment{"four", 0, 0, 1}, Segment{"two", 0, 0, 1})
	n, until := sends(t, s, 0)
	assert.Equal(t, 4, n)
	assert.Equal(t, second, until, "the others wait for the phase's end at the latest")
	s.Over(10)
	n, _ = sends(t, s, 20)
	assert.Equal(t, 1, n, "one has ended, one is sent")
	n, until = sends(t, s, second)
	assert.Zero(t, n, "four are still in flight where two are to be")
	assert.Equal(t, 2*second, until)
	for range 3 {
		s.Over(second + 5)
	}
	n, _ = sends(t, s, second+5)
	assert.Equal(t, 1, n)
	_, ok, _, _ := s.Claim(2 * second)
	assert.False(t, ok)
	phases, due, dropped := s.Report(2 * second)
	assert.Equal(t, []int64{5, 1}, due)
	assert.Zero(t, dropped)
	assert.EqualValues(t, 5, phases[0].Dispatched)
	assert.Zero(t, phases[0].Waited, "nobody is late where nothing is due")
	_, wanted := s.Rate(second / 2)
	assert.False(t, wanted, "no rate is wanted")
}

func TestWhoEndsWakesTheFirstInLine(t *testing.T) {
	s := holding(t, map[string]int{"a": 1}, Segment{"a", 0, 0, 1})
	n, _ := sends(t, s, 0)
	assert.Equal(t, 1, n)
	_, _, _, first := s.Claim(0)
	_, _, _, second := s.Claim(0)
	woken := func(turn <-chan struct{}) bool {
		select {
		case <-turn:
			return true
		default:
			return false
		}
	}
	assert.False(t, woken(first))
	s.Over(5)
	assert.True(t, woken(first))
	assert.False(t, woken(second))
	s.Leave(second)
	s.Over(6) // nobody is left to wake
}

// A user that took an arrival of the last phase ahead of time would be missing in the one between.
func TestPhasesOfARateAndOfANumberFollowEachOther(t *testing.T) {
	s := holding(t, map[string]int{"held": 3},
		Segment{"before", 10, 10, 1}, Segment{"held", 0, 0, 5}, Segment{"after", 2, 2, 1})
	for i := range 10 {
		a, ok, _, claimed := s.Claim(0)
		require.True(t, ok)
		require.Equal(t, Arrival{int64(i), 0, int64(i) * second / 10}, a)
		require.True(t, s.Hand(a, true, claimed))
	}
	a, _, _, turn := s.Claim(second / 2)
	assert.Equal(t, Arrival{Phase: Waits, Due: second}, a, "nothing of the last phase is taken ahead")
	s.Leave(turn)
	for range 10 {
		s.Over(second)
	}
	n, until := sends(t, s, second)
	assert.Equal(t, 3, n)
	assert.Equal(t, 6*second, until)
	a, _, _, _ = s.Claim(6 * second)
	assert.Equal(t, Arrival{13, 2, 6 * second}, a)
	assert.EqualValues(t, []int64{0, 0, 1}, s.pending(7*second))
	list, more := s.Planned(100)
	assert.Len(t, list, 12, "what a number in flight asks for has no times")
	assert.False(t, more)
}

func TestAJumpWakesWhoStandsInLine(t *testing.T) {
	s := holding(t, map[string]int{"a": 1, "b": 2}, Segment{"a", 0, 0, 100}, Segment{"b", 0, 0, 5})
	sends(t, s, 0)
	_, _, _, turn := s.Claim(0)
	s.Jump("b", second)
	<-turn
	n, until := sends(t, s, second)
	assert.Equal(t, 1, n)
	assert.Equal(t, 6*second, until)
}

func TestSegmentsShareTheNumberInFlightAndHaveNumbersOfTheirOwn(t *testing.T) {
	sequence, err := lib.NewExecutionSegmentSequenceFromString("0,1/3,2/3,1")
	require.NoError(t, err)
	inFlight := 0
	seen := map[int64]int{}
	for _, share := range sequence {
		tuple, err := lib.NewExecutionTuple(share, &sequence)
		require.NoError(t, err)
		s := holding(t, map[string]int{"held": 10}, Segment{"held", 0, 0, 1}, Segment{"rate", 9, 9, 1})
		s.ShareOut(tuple)
		n, _ := sends(t, s, 0)
		inFlight += n
		for ok := true; ok; {
			var a Arrival
			if a, ok, _, _ = s.Claim(second); ok {
				seen[a.Index]++
				assert.Equal(t, 1, a.Phase)
			}
		}
	}
	assert.Equal(t, 10, inFlight)
	assert.Len(t, seen, 9, "no two arrivals of the rate have one number")
}

func TestWhatIsWrongWithANumberInFlightIsSaid(t *testing.T) {
	for says, spec := range map[string]Spec{
		"so it has no rate":        {Arrivals: "constant", InFlight: map[string]int{"a": 2}, Segments: []Segment{{"a", 1, 1, 1}}},
		"a phase that there is":    {Arrivals: "constant", InFlight: map[string]int{"b": 2}, Segments: []Segment{{"a", 0, 0, 1}}},
		"-1 for the phase a":       {Arrivals: "constant", InFlight: map[string]int{"a": -1}, Segments: []Segment{{"a", 0, 0, 1}}},
		"every user sends at once": {Arrivals: "closed", InFlight: map[string]int{"a": 2}, Segments: []Segment{{"a", 0, 0, 1}}},
	} {
		_, err := New(spec)
		assert.ErrorContains(t, err, says)
	}
}
