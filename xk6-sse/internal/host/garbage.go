package host

import (
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

const lookEvery = time.Second

// PaceCollector keeps the garbage collector's share by what lives, from now to the end of the process.
func PaceCollector() {
	percent := seldom
	debug.SetGCPercent(percent)
	go func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for range time.Tick(lookEvery) {
			metrics.Read(live)
			if live[0].Value.Kind() != metrics.KindUint64 {
				return
			}
			if next := collectorPercent(percent, live[0].Value.Uint64()); next != percent {
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
