package schedule

import "slices"

/*
 * A gate before each phase: something is to be done when a phase begins and before its first request, such as to make
 * a provider fail. It may take a while, for which the schedule stands still: nobody is late, nothing is due, and the
 * phase and those after it move by that time.
 */

// Begins marks an arrival that is none: whoever gets it does what is to be done for the phase Index, and calls Open.
const Begins = -2

// gate is how far the schedule may go. The schedule's mutex guards it.
type gate struct {
	gated   bool
	open    int             // the last phase whose gate is open
	opening bool            // someone is at the next one
	before  <-chan struct{} // closed by a jump since that one began
}

// Gate has a gate before each phase. It must be called before the first Claim.
func (s *Schedule) Gate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gated, s.open = true, -1
}

// atGate is what a user gets at t instead of an arrival, false where it gets one. Needs mu.
func (s *Schedule) atGate(t int64) (a Arrival, turn <-chan struct{}, closed bool) {
	if !s.gated {
		return a, nil, false
	}
	if s.opening {
		a, turn = s.stand(t + farAway)
		return a, turn, true
	}
	now := s.phaseAt(t)
	if now > s.open {
		s.opening, s.before = true, s.jumped
		return Arrival{Index: int64(now), Phase: Begins, Due: t}, s.jumped, true
	}
	if s.Closed() || now >= 0 && s.holds[now] != byRate {
		return a, nil, false
	}
	if next, ok := s.peek(); ok && next.Phase > s.open {
		if start := s.nextStart(t); start > t {
			a, turn = s.stand(start)
			return a, turn, true
		}
	}
	return a, nil, false
}

// farAway is longer than anything that is done at a gate.
const farAway = int64(1) << 50

// nextStart is when the next phase after t begins, 0 without one. Needs mu.
func (s *Schedule) nextStart(t int64) int64 {
	for _, p := range s.phases {
		if p.Start > t && p.Start < p.End {
			return p.Start
		}
	}
	return 0
}

// Ahead is how long before its first arrival a phase's gate opens, so that users are there when that is due.
const Ahead = 2_000_000

// Open opens the gate of a phase at t. The phase begins then, unless a jump has left it meanwhile.
func (s *Schedule) Open(phase int, t int64) (dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.before == s.jumped {
		dropped = s.expire(t)
		moveUp(s.phases, phase, t+Ahead)
		s.next.jump(s.phases[phase].first, t+Ahead)
	}
	s.open, s.opening = phase, false
	s.wakeAll()
	return dropped
}

// SetRate sets the rate of a phase that has not begun, per second over its whole length; false where it cannot be set.
func (s *Schedule) SetRate(name string, rate float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.phases, func(p Phase) bool { return p.Name == name })
	if i < 0 || !s.gated || i <= s.open || s.holds[i] != byRate || !(rate >= 0 && rate < 1e9) {
		return false
	}
	for n := s.phases[i].first; n < s.phases[i].after; n++ {
		s.next.segments[n].From, s.next.segments[n].To = rate, rate
	}
	return true
}

// passable tells whether a phase is not behind a closed gate.
func (s *Schedule) passable(phase int) bool { return !s.gated || phase <= s.open }
