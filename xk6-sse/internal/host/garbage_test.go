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
