// Package schedule says when requests are to be sent. A schedule is a row of segments, each with a straight line of
// rate over time, grouped into named phases; an arrival process (Process: constant.go, bursts.go, poisson.go,
// closed.go) says how the arrivals follow one another at that rate. Times are ns since the schedule's start.
package schedule

import (
	"math"
	"slices"
	"sync"

	"go.k6.io/k6/v2/lib"
)

// Arrival is one request that is to be sent.
type Arrival struct {
	Index int64 // 0, 1, 2 ... in order of the due time, over all instances that share the schedule
	Phase int   // its place in Phases()
	Due   int64
}

// Schedule hands out arrivals in order. Its memory is that of its segments, however long it runs. Any goroutine may use
// it.
type Schedule struct {
	spec Spec

	mu     sync.Mutex
	phases []Phase
	next   cursor
	ahead  []int64 // due times of what was claimed before it was due, ascending
	line           // of those phases that hold a number in flight
	gate

	part     float64       // this instance's share of the whole, by length of the execution segment
	jumped   chan struct{} // closed by a jump: who waits claims anew
	jumpedAt int64
}

// New lays the phases out. Their times come from the plan; only a jump changes them.
func New(spec Spec) (*Schedule, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	process, err := spec.process()
	if err != nil {
		return nil, err
	}
	s := &Schedule{spec: spec, phases: layOut(spec.Segments), part: 1, jumped: make(chan struct{})}
	s.next = cursor{process: process, segments: slices.Clone(spec.Segments), position: process.First()}
	s.holds = make([]int64, len(s.phases))
	for i, p := range s.phases {
		s.holds[i] = byRate
		if n, held := spec.InFlight[p.Name]; held {
			s.holds[i] = int64(n)
		}
	}
	return s, nil
}

// Closed tells that arrivals have no times of their own: whoever is free sends at once.
func (s *Schedule) Closed() bool { return s.next.process.Closed() }

// ShareOut leaves only one execution segment's arrivals, so that several k6 instances send the whole schedule together.
func (s *Schedule) ShareOut(et *lib.ExecutionTuple) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next.stripe(et)
	s.part = et.Segment.FloatLength()
	for i, n := range s.holds {
		if n != byRate {
			s.holds[i] = et.ScaleInt64(n)
		}
	}
}

// End is when the last phase ends.
func (s *Schedule) End() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phases[len(s.phases)-1].End
}

// Claim takes the next arrival at time t, due or not; false at the schedule's end. `dropped` is how many arrivals were
// passed over, since their phase had ended before anyone was free to send them. A jump closes the channel.
//
// An arrival of no phase (Waits) is none: nothing can be claimed before Due, or before the channel is closed. Then it is
// to be given back with Leave, and Claim asked again. Begins is none either.
func (s *Schedule) Claim(t int64) (a Arrival, ok bool, dropped int64, jumped <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin(t)
	if a, turn, closed := s.atGate(t); closed {
		return a, true, 0, turn
	}
	if s.Closed() {
		i := s.phaseAt(t)
		if i < 0 {
			return Arrival{}, false, 0, s.jumped
		}
		a = Arrival{s.next.number(), i, t}
		s.next.count()
		return a, true, 0, s.jumped
	}
	dropped = s.expire(t)
	if now := s.phaseAt(t); now >= 0 && s.holds[now] != byRate {
		a, claimed := s.place(now, t)
		return a, true, dropped, claimed
	}
	a, ok = s.peek()
	if next := s.nextHeld(t); next >= 0 && (!ok || a.Phase > next) {
		a, claimed := s.stand(s.phases[next].Start)
		return a, true, dropped, claimed
	}
	if ok {
		s.next.take()
		if a.Due > t {
			s.ahead = append(s.ahead[s.overdue(t):], a.Due)
		}
	}
	return a, ok, dropped, s.jumped
}

// Hand books the arrival as handed out, unless a jump revoked it meanwhile. `waited`: the user was there before it was
// due; `claimed` is the channel that Claim gave.
func (s *Schedule) Hand(a Arrival, waited bool, claimed <-chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if claimed != s.jumped && a.Due > s.jumpedAt {
		return false
	}
	p := &s.phases[a.Phase]
	p.Dispatched++
	if s.holds[a.Phase] == byRate {
		s.inFlight++
		if !waited && !s.Closed() {
			p.Waited++
		}
	}
	return true
}

// Jump ends the running phases at t and goes on with the named one; only the first call for a phase that lies ahead
// acts. It returns how many arrivals were due and are dropped with their phase.
func (s *Schedule) Jump(name string, t int64) (dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target := slices.IndexFunc(s.phases, func(p Phase) bool { return p.Name == name && p.Start > t })
	if target < 0 {
		return 0
	}
	s.begin(t)
	for a, ok := s.peek(); ok && a.Due <= t && s.passable(a.Phase); a, ok = s.peek() {
		s.drop(a)
		dropped++
	}
	// What was claimed ahead is revoked, so its numbers are given out again.
	s.next.index -= int64(len(s.ahead) - s.overdue(t))
	s.ahead = nil
	moveUp(s.phases, target, t)
	s.next.jump(s.phases[target].first, t)
	s.jumpedAt = t
	close(s.jumped)
	s.jumped = make(chan struct{})
	s.wakeAll()
	return dropped
}

// Planned lists when the first `limit` arrivals are due in the schedule as it was laid out, without jumps, and whether
// there are more. A closed schedule plans none, nor does a phase that holds a number in flight.
func (s *Schedule) Planned(limit int) (due []int64, more bool) {
	again, err := New(s.spec)
	if err != nil || again.Closed() {
		return nil, false
	}
	for a, ok := again.peek(); ok; a, ok = again.peek() {
		if len(due) == limit {
			return due, true
		}
		due = append(due, a.Due)
		again.next.take()
	}
	return due, false
}

// Rate is what the plan wants per second at t, this instance's share of it; false where it wants no rate.
func (s *Schedule) Rate(t int64) (float64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.phaseAt(t)
	if s.Closed() || i < 0 || s.holds[i] != byRate {
		return 0, false
	}
	p := &s.phases[i]
	at := p.Start
	for _, seg := range s.next.segments[p.first:p.after] {
		if length := seconds(seg.Seconds); t >= at+length {
			at += length
			continue
		}
		return s.part * (seg.From + (seg.To-seg.From)*float64(t-at)/(seg.Seconds*1e9)), true
	}
	return 0, false
}

// Report tells what became of the arrivals until t, by phase, and how many were dropped just now, since their phase had
// ended.
func (s *Schedule) Report(t int64) (phases []Phase, due []int64, dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	dropped = s.expire(t)
	phases = slices.Clone(s.phases)
	due = s.pending(t)
	for i, p := range phases {
		due[i] += p.Dispatched + p.Dropped
	}
	return phases, due, dropped
}

// peek finds the next arrival of this instance without taking it; false at the schedule's end. Needs mu.
func (s *Schedule) peek() (Arrival, bool) {
	segment, due, ok := s.next.peek()
	if !ok {
		return Arrival{}, false
	}
	return Arrival{s.next.number(), s.phaseOf(segment), due}, true
}

// drop takes the arrival that peek found and gives it up. Needs mu.
func (s *Schedule) drop(a Arrival) {
	s.next.take()
	s.phases[a.Phase].Dropped++
}

// expire drops the arrivals whose phase has ended before anyone was free to send them. Needs mu.
func (s *Schedule) expire(t int64) (dropped int64) {
	for a, ok := s.peek(); ok && s.phases[a.Phase].End <= t && s.passable(a.Phase); a, ok = s.peek() {
		s.drop(a)
		dropped++
	}
	return dropped
}

// overdue counts those of ahead that are due at t. Needs mu.
func (s *Schedule) overdue(t int64) int {
	n, found := slices.BinarySearch(s.ahead, t)
	for found && n < len(s.ahead) && s.ahead[n] == t {
		n++
	}
	return n
}

// pending counts, among the arrivals not yet claimed, those due at t, by phase. Needs mu.
func (s *Schedule) pending(t int64) []int64 {
	counts := make([]int64, len(s.phases))
	ahead := s.next.clone()
	for segment, due, ok := ahead.peek(); ok && due <= t; segment, due, ok = ahead.peek() {
		counts[s.phaseOf(segment)]++
		ahead.take()
	}
	return counts
}

func seconds(s float64) int64 { return int64(math.Round(s * 1e9)) }
