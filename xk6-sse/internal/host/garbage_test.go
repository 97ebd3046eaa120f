package host

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestManyStreamsLeaveLessRoomForGarbageAndThePaceDoesNotGoBackAndForth(t *testing.T) {
	at := seldom
	for _, each := range []struct {
		megabytes uint64
		percent   int
	}{{40, seldom}, {180, seldom}, {210, usual}, {180, usual}, {600, usual}, {100, seldom}} {
		at = collectorPercent(at, each.megabytes<<20)
		assert.Equal(t, each.percent, at, each.megabytes)
	}
}

func TestAStartThatHasLittleAliveIsNotInterruptedBeforeMuchHasGathered(t *testing.T) {
	const roots = 3 << 20
	goal := func(live uint64, percent int) uint64 { return live + (live+roots)*uint64(percent)/100 }
	for _, megabytes := range []uint64{1, 4, 8, 12, 13} {
		live := megabytes << 20
		for _, now := range []int{usual, seldom, 2400} {
			next := atLeast(seldom, now, live, goal(live, now))
			assert.InEpsilon(t, always, goal(live, next), 0.05, "%d MB, from %d percent", megabytes, now)
		}
	}
	for _, megabytes := range []uint64{50, 100, 600} {
		live := megabytes << 20
		assert.Equal(t, seldom, atLeast(seldom, seldom, live, goal(live, seldom)), megabytes)
	}
	assert.Equal(t, usual, atLeast(usual, usual, 600<<20, 600<<20), "a goal that is not known yet")
}
