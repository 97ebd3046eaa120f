package sse

import "golang.org/x/sys/unix"

// monotonicEpoch is now()'s zero on CLOCK_MONOTONIC. Go's own monotonic clock is the same one, so one look is enough;
// being descheduled between the two readings would make it too large, so the least of a few is taken.
var monotonicEpoch = func() int64 {
	best := int64(-1)
	for range 5 {
		before := now()
		var t unix.Timespec
		if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
			return -1
		}
		if zero := t.Nano() - before; best < 0 || zero < best {
			best = zero
		}
	}
	return best
}()
