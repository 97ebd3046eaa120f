package clock

import (
	"sync/atomic"
	"time"
)

// Stamps turns the kernel's receive stamps, which are wall time, into readings of Now. The zero value is ready; any
// goroutine may use it.
type Stamps struct {
	// offset is wall time - Now. It is sampled again each second to follow steps of the wall clock.
	offset, sampled atomic.Int64
}

const offsetAge = int64(time.Second)

// Monotonic converts a wall stamp, ns, that was read at readAt.
func (s *Stamps) Monotonic(wall, readAt int64) int64 {
	if sampled := s.sampled.Load(); sampled == 0 || readAt-sampled > offsetAge {
		s.resample()
	}
	return wall - s.offset.Load()
}

// resample reads wall and monotonic time together. Being descheduled between the two makes the difference
// smaller, never larger, so the largest of a few is the best.
func (s *Stamps) resample() {
	best := int64(-1 << 62)
	for range 5 {
		t := time.Now()
		best = max(best, t.UnixNano()-Of(t))
	}
	s.offset.Store(best)
	s.sampled.Store(Now())
}
