package host

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may gather beside what lives, in percent of that. What lives in a usual run is mostly the VUs'
// JavaScript, which does not change: looking through it half as often as Go does by itself costs little memory and
// spares the load's CPU. Where thousands of streams live, the same share would be hundreds of megabytes.
const (
	seldom    = 200
	usual     = 100
	manyBytes = 200 << 20
	fewBytes  = 150 << 20 // not the same, lest it goes back and forth
)

// What lives and what does not may always be so much together. A start would else be interrupted four or five times to
// look through what is nearly all still needed, which was a fifth of its CPU: where little lives, little may gather.
const always = 48 << 20

// How often it is looked whether all that has changed: in a start much comes within a second.
const (
	startLasts = 2 * time.Second
	startEvery = 10 * time.Millisecond
	lookEvery  = time.Second
)

// PaceCollector keeps the garbage collector's share by what lives, from now to the end of the process.
func PaceCollector() {
	const leastGoal = 4 << 20 // Go's own, at 100 percent
	base, percent := seldom, 100*always/leastGoal
	debug.SetGCPercent(percent)
	go func() {
		looked := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/goal:bytes"}}
		for began := time.Now(); ; {
			if time.Since(began) < startLasts {
				time.Sleep(startEvery)
			} else {
				time.Sleep(lookEvery)
			}
			metrics.Read(looked)
			if looked[0].Value.Kind() != metrics.KindUint64 || looked[1].Value.Kind() != metrics.KindUint64 {
				debug.SetGCPercent(seldom)
				return
			}
			live, goal := looked[0].Value.Uint64(), looked[1].Value.Uint64()
			if live == 0 {
				continue // it was never looked
			}
			base = collectorPercent(base, live)
			next := atLeast(base, percent, live, goal)
			if math.Abs(float64(next-percent)) > 0.1*float64(percent) {
				percent = next
				debug.SetGCPercent(percent) // stops all for a moment, so only where it changes
			}
		}
	}()
}

// collectorPercent is what follows on `now` with so many bytes alive.
func collectorPercent(now int, live uint64) int {
	switch {
	case live >= manyBytes:
		return usual
	case live < fewBytes:
		return seldom
	default:
		return now
	}
}

// atLeast is the percent wanted, or as much more as leaves room for what may always gather: `now` makes the goal what it
// is, and the room grows with it.
func atLeast(wanted, now int, live, goal uint64) int {
	if live >= always || goal <= live {
		return wanted
	}
	return max(wanted, int(float64(now)*float64(always-live)/float64(goal-live)))
}
