package clock

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestOffsetIsSampledAgain(t *testing.T) {
	var s Stamps
	s.Monotonic(0, Now())
	s.offset.Store(0)
	s.sampled.Store(Now() - 2*offsetAge)
	wall := time.Now().UnixNano()
	assert.InDelta(t, Now(), s.Monotonic(wall, Now()), float64(100*time.Millisecond))
}
