package clock

import "golang.org/x/sys/unix"

// bootEpoch is the zero of Now on CLOCK_MONOTONIC. Go's own monotonic clock is the same one, so one look is enough;
// being descheduled between the two readings would make it too large, so the least of a few is taken.
var bootEpoch = func() int64 {
	best := int64(-1)
	for range 5 {
		before := Now()
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
