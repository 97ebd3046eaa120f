package schedule

import "slices"

/*
 * Phases that hold a number of requests in flight: whoever finds fewer than that under way sends at once, and the others
 * stand in line until one of them ends, or the phase does.
 */

const (
	// Waits is the phase of an arrival that is none.
	Waits = -1
	// byRate marks a phase of which the rate is held.
	byRate = -1
)

// line is who may send in such phases. The schedule's mutex guards it.
type line struct {
	holds    []int64         // of each phase; byRate where the rate is held
	inFlight int64           // handed out and not over
	standing []chan struct{} // closed in this order, one for each request that ends
}

// place takes a place in flight at t, or one in the line. Needs mu.
func (s *Schedule) place(phase int, t int64) (Arrival, <-chan struct{}) {
	if s.inFlight >= s.holds[phase] {
		return s.stand(s.phases[phase].End)
	}
	s.inFlight++
	a := Arrival{s.next.number(), phase, t}
	s.next.count()
	return a, s.jumped
}

// stand is a place in the line, until `until` at the latest. Needs mu.
func (s *Schedule) stand(until int64) (Arrival, <-chan struct{}) {
	turn := make(chan struct{})
	s.standing = append(s.standing, turn)
	return Arrival{Phase: Waits, Due: until}, turn
}

// nextHeld is the next phase after t that holds a number in flight, -1 without one. Needs mu.
func (s *Schedule) nextHeld(t int64) int {
	for i, p := range s.phases {
		if s.holds[i] != byRate && p.Start >= t && p.Start < p.End {
			return i
		}
	}
	return -1
}

// Holds tells that the phase holds a number in flight.
func (s *Schedule) Holds(phase int) bool { return s.holds[phase] != byRate }

// Leave gives up a place in the line, if it has not come to its turn.
func (s *Schedule) Leave(turn <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.standing, func(each chan struct{}) bool { return each == turn }); i >= 0 {
		s.standing = slices.Delete(s.standing, i, i+1)
	}
}

// Over tells at t that a request that was handed out is in flight no more.
func (s *Schedule) Over(t int64) {
	if len(s.spec.InFlight) == 0 {
		return // nobody waits for that
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
	if now := s.phaseAt(t); len(s.standing) > 0 && now >= 0 && s.holds[now] != byRate {
		close(s.standing[0])
		s.standing = slices.Delete(s.standing, 0, 1)
	}
}

// wakeAll has all that stand in line claim anew. Needs mu.
func (s *Schedule) wakeAll() {
	for _, turn := range s.standing {
		close(turn)
	}
	s.standing = nil
}
