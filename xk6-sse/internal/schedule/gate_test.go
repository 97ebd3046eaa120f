package schedule

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gated makes a schedule with a gate before each phase.
func gated(t *testing.T, spec Spec) *Schedule {
	t.Helper()
	s, err := New(spec)
	require.NoError(t, err)
	s.Gate()
	return s
}

var twoPhases = []Segment{{"a", 4, 4, 1}, {"b", 4, 4, 1}}

// begins claims at t and must be told to begin a phase.
func begins(t *testing.T, s *Schedule, phase int, at int64) {
	t.Helper()
	a, ok, dropped, _ := s.Claim(at)
	require.True(t, ok)
	require.Equal(t, Arrival{Index: int64(phase), Phase: Begins, Due: at}, a)
	require.Zero(t, dropped)
}

// due claims an arrival and says its phase and when it is due.
func due(t *testing.T, s *Schedule, at int64) [2]int64 {
	t.Helper()
	a, ok, dropped, claimed := s.Claim(at)
	require.True(t, ok)
	require.Zero(t, dropped)
	if a.Phase == Waits {
		s.Leave(claimed)
	} else {
		require.True(t, s.Hand(a, true, claimed))
	}
	return [2]int64{int64(a.Phase), a.Due}
}

func TestTheScheduleStandsStillWhileAPhaseIsBegun(t *testing.T) {
	for _, took := range []int64{second / 10, 5 * second} { // less than a phase, and more than all of them
		s := gated(t, Spec{Arrivals: "constant", Segments: twoPhases})
		begins(t, s, 0, 0)
		assert.EqualValues(t, Waits, due(t, s, 0)[0], "somebody is at it")
		s.Open(0, took-Ahead)
		for i := range int64(4) {
			assert.Equal(t, [2]int64{0, took + i*second/4}, due(t, s, took))
		}
		assert.Equal(t, [2]int64{Waits, took + second}, due(t, s, took), "nothing of the next phase is claimed ahead")
		begins(t, s, 1, took+second)
		s.Open(1, 2*took+second-Ahead)
		for i := range int64(4) {
			assert.Equal(t, [2]int64{1, 2*took + second + i*second/4}, due(t, s, 2*took+second))
		}
		_, ok, _, _ := s.Claim(2*took + 2*second)
		assert.False(t, ok)
		assert.Equal(t, 2*took+2*second, s.End())
		phases, counts, _ := s.Report(s.End())
		assert.Equal(t, []int64{4, 4}, counts)
		assert.Equal(t, took+second, phases[0].End, "no longer than planned")
		assert.Equal(t, []int{0, 0, 1, 1, -1}, []int{
			s.PhaseAt(0), s.PhaseAt(took), s.PhaseAt(took + second), s.PhaseAt(2*took + second), s.PhaseAt(s.End()),
		}, "what stands still belongs to the phase that comes")
	}
}

func TestWhatAPhaseLeftUnsentIsDroppedAtTheNextGate(t *testing.T) {
	s := gated(t, Spec{Arrivals: "constant", Segments: twoPhases})
	begins(t, s, 0, 0)
	s.Open(0, -Ahead)
	due(t, s, 0)
	a, _, dropped, _ := s.Claim(second + 1)
	assert.Equal(t, Begins, a.Phase)
	assert.Zero(t, dropped)
	assert.EqualValues(t, 3, s.Open(1, second+2))
	assert.Equal(t, [2]int64{1, second + 2 + Ahead}, due(t, s, second+2))
}

func TestAJumpWhileAPhaseIsBegunLeavesIt(t *testing.T) {
	s := gated(t, Spec{Arrivals: "constant", Segments: append(twoPhases[:2:2], Segment{"c", 4, 4, 1})})
	begins(t, s, 0, 0)
	s.Open(0, -Ahead)
	for range 4 {
		due(t, s, 0)
	}
	begins(t, s, 1, second)
	s.Jump("c", second+1)
	s.Open(1, second+2)
	begins(t, s, 2, second+2)
	s.Open(2, second+3)
	assert.Equal(t, [2]int64{2, second + 3 + Ahead}, due(t, s, second+3))
	_, counts, _ := s.Report(second + 2)
	assert.Zero(t, counts[1])
}

func TestPhasesThatHoldANumberInFlightHaveAGateToo(t *testing.T) {
	s := gated(t, Spec{Arrivals: "constant", Segments: []Segment{{"two", 0, 0, 1}, {"b", 4, 4, 1}}, InFlight: map[string]int{"two": 2}})
	begins(t, s, 0, 0)
	s.Open(0, 5-Ahead)
	n, until := sends(t, s, 5)
	assert.Equal(t, 2, n)
	assert.Equal(t, second+5, until)
	begins(t, s, 1, second+5)
	s.Open(1, second+6)
	assert.Equal(t, [2]int64{1, second + 6 + Ahead}, due(t, s, second+6))
}

func TestUsersWithoutPauseStopAtAGate(t *testing.T) {
	s := gated(t, Spec{Arrivals: "closed", Segments: twoPhases})
	begins(t, s, 0, 0)
	assert.EqualValues(t, Waits, due(t, s, 1)[0])
	s.Open(0, 2-Ahead)
	assert.Equal(t, [2]int64{0, 3}, due(t, s, 3))
	begins(t, s, 1, second+2)
	s.Open(1, 3*second-Ahead)
	assert.EqualValues(t, 1, due(t, s, 3*second)[0])
	_, ok, _, _ := s.Claim(4 * second)
	assert.False(t, ok)
}

// A search chooses each rate by what came before.
func TestTheRateOfAPhaseIsSetWhileItIsBegun(t *testing.T) {
	s := gated(t, Spec{Arrivals: "constant", Segments: twoPhases})
	begins(t, s, 0, 0)
	assert.True(t, s.SetRate("a", 2))
	s.Open(0, -Ahead)
	assert.False(t, s.SetRate("a", 3), "it has begun")
	assert.False(t, s.SetRate("c", 3), "there is none")
	assert.False(t, s.SetRate("b", math.NaN()))
	assert.Equal(t, [2]int64{0, 0}, due(t, s, 0))
	assert.Equal(t, [2]int64{0, second / 2}, due(t, s, 0))
	begins(t, s, 1, second)
	assert.True(t, s.SetRate("b", 8))
	s.Open(1, second-Ahead)
	for i := range int64(8) {
		assert.Equal(t, [2]int64{1, second + i*second/8}, due(t, s, second))
	}
	wanted, _ := s.Rate(second)
	assert.InDelta(t, 8, wanted, 0)
	planned, _ := s.Planned(100)
	assert.Len(t, planned, 8, "the plan stays as it was laid out")
}
