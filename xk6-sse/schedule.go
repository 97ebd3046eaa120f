package sse

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"go.k6.io/k6/v2/lib"
)

// segment is a piece of the schedule: the rate goes straight from `from` to `to` per second within `seconds`.
type segment struct {
	Phase    string
	From, To float64
	Seconds  float64
}

// arrivals is how many the segment holds: the integral of its rate.
func (s segment) arrivals() float64 { return (s.From + s.To) / 2 * s.Seconds }

// when is the inverse of that integral: the second at which the cumulative rate has reached x. It is the root of
// from*t + (to-from)/(2*seconds)*t^2 = x, written so that it also holds for a flat rate and for one that starts at 0.
func (s segment) when(x float64) float64 {
	if x <= 0 {
		return 0
	}
	root := math.Sqrt(math.Max(0, s.From*s.From+2*x*(s.To-s.From)/s.Seconds))
	return math.Min(s.Seconds, 2*x/(s.From+root))
}

// phase is a run of segments with one name, and what became of its arrivals.
type phase struct {
	name         string
	first, after int   // segments[first:after]
	start, end   int64 // ns since the schedule's start; after a jump the real ones
	began        bool
	handed       int64
	dropped      int64
	waited       int64
}

// arrival is one request that is to be sent. Times are ns since the schedule's start.
type arrival struct {
	index     int64
	phase     int
	scheduled int64
}

// schedule hands out arrivals in order. Its memory is that of its segments, however long it runs.
type schedule struct {
	kind     string
	burst    float64 // arrivals that come in one instant; 0 and 1: each for itself
	segments []segment
	phases   []phase

	mu       sync.Mutex
	started  bool
	seg      int                 // the segment that the next arrival lies in
	segStart int64               // ns since the schedule's start
	segBase  float64             // cumulative arrivals at its start
	position float64             // the next arrival's place on the cumulative scale
	index    int64               // the next arrival's number
	source   rand.PCG            // held by value, so that a copy of the schedule can run ahead alone
	striped  *lib.SegmentedIndex // this instance's share of the arrivals; nil: all
	part     float64             // how much of the whole that is, by length of the execution segment
	global   int64               // number of the next arrival among all instances
	mine     int64               // number of the next that is ours
	ahead    []int64             // due times of what was claimed before it was due, ascending
	jumped   chan struct{}       // closed by a jump: who waits claims anew
	jumpedAt int64
}

// newSchedule lays the phases out. Times are set from the plan; only a jump changes them.
func newSchedule(kind string, seed uint64, segments []segment) *schedule {
	s := &schedule{
		kind: kind, segments: segments, jumped: make(chan struct{}), part: 1,
		source: *rand.NewPCG(seed, 0x9e3779b97f4a7c15),
	}
	var t int64
	for i, seg := range segments {
		if n := len(s.phases); n == 0 || s.phases[n-1].name != seg.Phase {
			s.phases = append(s.phases, phase{name: seg.Phase, first: i, start: t})
		}
		t += seconds(seg.Seconds)
		p := &s.phases[len(s.phases)-1]
		p.after, p.end = i+1, t
	}
	if kind == "poisson" {
		s.position = s.exponential()
	}
	return s
}

// exponential draws the distance between two Poisson arrivals on the cumulative scale, where their rate is 1.
func (s *schedule) exponential() float64 { return rand.New(&s.source).ExpFloat64() }

func seconds(s float64) int64 { return int64(math.Round(s * 1e9)) }

// share leaves only one execution segment's arrivals, so that several k6 instances send the whole schedule together.
func (s *schedule) share(et *lib.ExecutionTuple) {
	s.striped = lib.NewSegmentedIndex(et)
	s.part = et.Segment.FloatLength()
	_, unscaled := s.striped.Next()
	s.mine = unscaled - 1
}

// end is when the last phase ends.
func (s *schedule) end() int64 { return s.phases[len(s.phases)-1].end }

func (s *schedule) phaseOf(seg int) int {
	return slices.IndexFunc(s.phases, func(p phase) bool { return seg < p.after })
}

// phaseAt is the phase that runs at t, -1 outside the schedule. Phases that a jump skipped have no length.
func (s *schedule) phaseAt(t int64) int {
	return slices.IndexFunc(s.phases, func(p phase) bool { return t >= p.start && t < p.end })
}

// peek finds the next arrival of this instance without taking it; false at the schedule's end. Needs mu.
func (s *schedule) peek() (arrival, bool) {
	const rounding = 1e-9 // a sum of rates may miss a whole number by so much
	for s.seg < len(s.segments) {
		seg := s.segments[s.seg]
		x := s.position - s.segBase
		if x >= seg.arrivals()-rounding {
			s.segBase += seg.arrivals()
			s.segStart += seconds(seg.Seconds)
			s.seg++
			continue
		}
		if s.striped != nil && s.global < s.mine {
			s.advance()
			continue
		}
		if s.burst > 1 { // the whole group when its first is due
			x = math.Floor((x+rounding)/s.burst) * s.burst
		}
		return arrival{s.index, s.phaseOf(s.seg), s.segStart + seconds(seg.when(x))}, true
	}
	return arrival{}, false
}

// advance moves past one arrival of the whole schedule. Needs mu.
func (s *schedule) advance() {
	if s.kind == "poisson" {
		s.position += s.exponential()
	} else {
		s.position++
	}
	s.global++
}

// rate is what the plan wants per second at t, this instance's share of it; false where it wants no rate.
func (s *schedule) rate(t int64) (float64, bool) {
	i := s.phaseAt(t)
	if s.kind == "closed" || i < 0 {
		return 0, false
	}
	p := &s.phases[i]
	at := p.start
	for _, seg := range s.segments[p.first:p.after] {
		if length := seconds(seg.Seconds); t >= at+length {
			at += length
			continue
		}
		return s.part * (seg.From + (seg.To-seg.From)*float64(t-at)/(seg.Seconds*1e9)), true
	}
	return 0, false
}

// take moves past the arrival that peek found. Needs mu.
func (s *schedule) take() {
	s.advance()
	s.index++
	if s.striped != nil {
		_, unscaled := s.striped.Next()
		s.mine = unscaled - 1
	}
}

// expire drops the arrivals whose phase has ended before anyone was free to send them. Needs mu.
func (s *schedule) expire(t int64) (dropped int64) {
	for a, ok := s.peek(); ok && s.phases[a.phase].end <= t; a, ok = s.peek() {
		s.take()
		s.phases[a.phase].dropped++
		dropped++
	}
	return dropped
}

// begin marks the phases that have begun by t. Needs mu.
func (s *schedule) begin(t int64) {
	for i := range s.phases {
		if p := &s.phases[i]; t >= p.start && p.start < p.end {
			p.began = true
		}
	}
}

// claim takes the next arrival at time t, due or not. It returns the channel that a jump closes.
func (s *schedule) claim(t int64) (a arrival, ok bool, dropped int64, jumped <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin(t)
	if s.kind == "closed" {
		i := s.phaseAt(t)
		if i < 0 {
			return arrival{}, false, 0, s.jumped
		}
		a = arrival{s.index, i, t}
		s.index++
		return a, true, 0, s.jumped
	}
	dropped = s.expire(t)
	if a, ok = s.peek(); ok {
		s.take()
		if a.scheduled > t {
			s.ahead = append(s.ahead[s.overdue(t):], a.scheduled)
		}
	}
	return a, ok, dropped, s.jumped
}

// overdue counts those of ahead that are due at t. Needs mu.
func (s *schedule) overdue(t int64) int {
	n, found := slices.BinarySearch(s.ahead, t)
	for found && n < len(s.ahead) && s.ahead[n] == t {
		n++
	}
	return n
}

// hand books the arrival as handed out, unless a jump revoked it meanwhile.
func (s *schedule) hand(a arrival, waited bool, claimed <-chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if claimed != s.jumped && a.scheduled > s.jumpedAt {
		return false
	}
	p := &s.phases[a.phase]
	p.handed++
	if waited {
		p.waited++
	}
	return true
}

// jump ends the running phases at t and goes on with the named one; only the first call for a phase that lies ahead
// acts. It returns how many arrivals were due and are dropped with their phase.
func (s *schedule) jump(name string, t int64) (dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target := slices.IndexFunc(s.phases, func(p phase) bool { return p.name == name && p.start > t })
	if target < 0 {
		return 0
	}
	s.begin(t)
	if s.kind != "closed" {
		for a, ok := s.peek(); ok && a.scheduled <= t; a, ok = s.peek() {
			s.take()
			s.phases[a.phase].dropped++
			dropped++
		}
	}
	// What was claimed ahead is revoked, so its numbers are given out again.
	s.index -= int64(len(s.ahead) - s.overdue(t))
	s.ahead = nil
	for i := range s.phases[:target] {
		p := &s.phases[i]
		p.end = min(p.end, t)
		p.start = min(p.start, t)
	}
	at := t
	for i := target; i < len(s.phases); i++ {
		p := &s.phases[i]
		length := p.end - p.start
		p.start, p.end = at, at+length
		at += length
	}
	s.seg, s.segStart, s.segBase = s.phases[target].first, t, s.position
	if s.kind == "poisson" {
		s.segBase = s.position - s.exponential()
	}
	s.jumpedAt = t
	close(s.jumped)
	s.jumped = make(chan struct{})
	return dropped
}

// planned lists when the first `limit` arrivals of a schedule are due, ms since its start, and whether there are more.
func planned(s *schedule, limit int) (due []float64, more bool) {
	if s.kind == "closed" {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for a, ok := s.peek(); ok; a, ok = s.peek() {
		if len(due) == limit {
			return due, true
		}
		due = append(due, ms(a.scheduled))
		s.take()
	}
	return due, false
}

// pending counts, among the arrivals not yet claimed, those due at t, by phase. Needs mu.
func (s *schedule) pending(t int64) map[int]int64 {
	due := map[int]int64{}
	if s.kind == "closed" {
		return due
	}
	ahead := &schedule{
		kind: s.kind, burst: s.burst, segments: s.segments, phases: s.phases, seg: s.seg, segStart: s.segStart, segBase: s.segBase,
		position: s.position, source: s.source, global: s.global, mine: s.mine,
	}
	if s.striped != nil {
		striped := *s.striped
		ahead.striped = &striped
	}
	for a, ok := ahead.peek(); ok && a.scheduled <= t; a, ok = ahead.peek() {
		due[a.phase]++
		ahead.take()
	}
	return due
}
