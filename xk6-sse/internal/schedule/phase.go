package schedule

import "slices"

// Phase is a run of segments with one name, and what became of its arrivals.
type Phase struct {
	Name       string
	Start, End int64 // after a jump the real ones
	Began      bool
	Dispatched int64 // given to a user to send
	Dropped    int64 // given up, since nobody was free to send them before the phase ended
	Waited     int64 // given late, since nobody was free when they were due

	first, after int // segments[first:after]
}

// layOut makes the phases of the segments, one after the other.
func layOut(segments []Segment) (phases []Phase) {
	var t int64
	for i, seg := range segments {
		if n := len(phases); n == 0 || phases[n-1].Name != seg.Phase {
			phases = append(phases, Phase{Name: seg.Phase, first: i, Start: t})
		}
		t += seconds(seg.Seconds)
		p := &phases[len(phases)-1]
		p.after, p.End = i+1, t
	}
	return phases
}

// moveUp ends at t what runs or lies before the target phase, and lets that and those after it follow at once.
func moveUp(phases []Phase, target int, t int64) {
	for i := range phases[:target] {
		p := &phases[i]
		p.End = min(p.End, t)
		p.Start = min(p.Start, t)
	}
	for i := target; i < len(phases); i++ {
		p := &phases[i]
		length := p.End - p.Start
		p.Start, p.End = t, t+length
		t += length
	}
}

// Names lists the phases' names, in order. They never change.
func (s *Schedule) Names() []string {
	names := make([]string, len(s.phases))
	for i := range s.phases {
		names[i] = s.phases[i].Name
	}
	return names
}

// Name is a phase's, "" for -1.
func (s *Schedule) Name(phase int) string {
	if phase < 0 {
		return ""
	}
	return s.phases[phase].Name
}

// PhaseAt is the phase that runs at t, or for which the schedule stands still then; -1 outside the schedule.
func (s *Schedule) PhaseAt(t int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.phaseAt(t); i >= 0 || t < 0 {
		return i
	}
	return slices.IndexFunc(s.phases, func(p Phase) bool { return p.Start > t && p.Start < p.End })
}

// phaseAt needs mu. Phases that a jump skipped have no length.
func (s *Schedule) phaseAt(t int64) int {
	return slices.IndexFunc(s.phases, func(p Phase) bool { return t >= p.Start && t < p.End })
}

func (s *Schedule) phaseOf(segment int) int {
	return slices.IndexFunc(s.phases, func(p Phase) bool { return segment < p.after })
}

// begin marks the phases that have begun by t. Needs mu.
func (s *Schedule) begin(t int64) {
	for i := range s.phases {
		if p := &s.phases[i]; t >= p.Start && p.Start < p.End && s.passable(i) {
			p.Began = true
		}
	}
}
