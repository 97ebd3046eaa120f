// Package clock is the time of the whole extension: one monotonic clock in nanoseconds, what turns the kernel's
// receive stamps into readings of it (Stamps), and what wakes a goroutine at a point in time (Alarm for one, Sleeper
// for many).
package clock

import "time"

// epoch is the zero of Now. Its monotonic reading makes every difference immune to steps of the wall clock.
var epoch = time.Now()

// Now is the process's monotonic clock, in nanoseconds.
func Now() int64 { return int64(time.Since(epoch)) }

// At turns a reading of Now into the time that deadlines want.
func At(ns int64) time.Time { return epoch.Add(time.Duration(ns)) }

// Of turns a time into the reading that Now had or will have then.
func Of(t time.Time) int64 { return int64(t.Sub(epoch)) }

// Ms turns nanoseconds into the milliseconds that JavaScript sees.
func Ms(ns int64) float64 { return float64(ns) / 1e6 }

// Boot turns a reading of Now into CLOCK_MONOTONIC, ns: the clock of every program on this machine. -1 where that clock
// cannot be read.
func Boot(ns int64) int64 {
	if bootEpoch < 0 {
		return -1
	}
	return bootEpoch + ns
}
