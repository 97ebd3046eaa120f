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

	steps, largest atomic.Int64 // how often the wall clock was set, and by how much at most
	lastStep       atomic.Int64 // when the last step was noticed
}

const (
	offsetAge = int64(time.Second)
	// stepped is when the two clocks have moved apart by so much that it is no drift: NTP slews a clock by at most half a
	// millisecond a second.
	stepped = int64(5 * time.Millisecond)
)

// Moment is one instant on both clocks: wall time as Unix ns, and Now.
type Moment struct{ Wall, Now int64 }

// ThisMoment reads both.
func ThisMoment() Moment {
	t := time.Now()
	return Moment{t.UnixNano(), Of(t)}
}

// Monotonic converts a wall stamp, ns, that was read at `read`; false where it cannot, because the wall clock has been
// set: the stamp may be of before or after. A stamp that a set clock made hours too early would give times of 0.
func (s *Stamps) Monotonic(wall int64, read Moment) (stamp int64, ok bool) {
	sampled := s.sampled.Load()
	if sampled == 0 || read.Now-sampled > offsetAge {
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
		m := ThisMoment()
		best = max(best, m.Wall-m.Now)
	}
	was, first := s.offset.Swap(best), s.sampled.Swap(Now()) == 0
	if by := max(best-was, was-best); by > stepped && !first {
		s.lastStep.Store(Now())
		s.steps.Add(1)
		for known := s.largest.Load(); by > known && !s.largest.CompareAndSwap(known, by); {
			known = s.largest.Load()
		}
	}
}

// Steps is how often the wall clock was set while it was looked at, by whoever did, and the largest step, ms.
type Steps struct {
	Count   int64   `json:"count"`
	Largest float64 `json:"largest"`
}

// Steps counts until now.
func (s *Stamps) Steps() Steps { return Steps{s.steps.Load(), Ms(s.largest.Load())} }
