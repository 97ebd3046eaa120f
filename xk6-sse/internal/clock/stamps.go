package clock

import (
	"sync/atomic"
	"time"
)

// Stamps turns the kernel's receive stamps, which are wall time, into readings of Now. The zero value is ready; any
// goroutine may use it.
type Stamps struct {
	// offset is wall time - Now. It is sampled again each second, and when a read finds it wrong.
	offset, sampled atomic.Int64
	lastStep        atomic.Int64 // when the wall clock was last found to have been set
	count, largest  atomic.Int64 // of such steps
}

const (
	offsetAge = int64(time.Second)
	// stepped is when the two clocks have moved apart by so much that it is no drift: NTP slews a clock by at most half
	// a millisecond a second.
	stepped = int64(5 * time.Millisecond)
)

// Moment is one instant on both clocks, ns.
type Moment struct{ Wall, Now int64 }

// Both reads both clocks.
func Both() Moment {
	t := time.Now()
	return Moment{t.UnixNano(), Of(t)}
}

// Convert turns a wall stamp that was read at `read` into a reading of Now. It is false where that cannot be done,
// because the wall clock has been set: the stamp may be of before or after. A stamp that a set clock made hours too
// early would give times of 0.
func (s *Stamps) Convert(wall int64, read Moment) (stamp int64, ok bool) {
	if sampled := s.sampled.Load(); sampled == 0 || read.Now-sampled > offsetAge {
		s.resample()
	}
	if by := read.Wall - read.Now - s.offset.Load(); by > stepped || by < -stepped {
		s.resample() // being descheduled between the two clocks looks the same, and is none
	}
	stamp = wall - s.offset.Load()
	return stamp, stamp >= s.lastStep.Load()
}

// resample reads wall and monotonic time together. Being descheduled between the two makes the difference
// smaller, never larger, so the largest of a few is the best.
func (s *Stamps) resample() {
	best := int64(-1 << 62)
	for range 5 {
		m := Both()
		best = max(best, m.Wall-m.Now)
	}
	was, first := s.offset.Swap(best), s.sampled.Swap(Now()) == 0
	if by := max(best-was, was-best); by > stepped && !first {
		s.step(by)
	}
}

// step counts that the wall clock was set while the run went on, by whoever did.
func (s *Stamps) step(by int64) {
	s.lastStep.Store(Now())
	s.count.Add(1)
	for known := s.largest.Load(); by > known && !s.largest.CompareAndSwap(known, by); {
		known = s.largest.Load()
	}
}

// StepsView is how often the wall clock was set during the run, and the largest step, ms.
type StepsView struct {
	Count   int64   `json:"count"`
	Largest float64 `json:"largest"`
}

// Steps tells how often the wall clock was set.
func (s *Stamps) Steps() StepsView { return StepsView{s.count.Load(), Ms(s.largest.Load())} }
