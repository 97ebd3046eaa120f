package clock

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestOffsetIsSampledAgain(t *testing.T) {
	var s Stamps
	s.Monotonic(0, ThisMoment())
	s.sampled.Store(Now() - 2*offsetAge)
	s.offset.Add(int64(time.Millisecond)) // a clock that drifts
	m := ThisMoment()
	stamp, ok := s.Monotonic(m.Wall, m)
	assert.True(t, ok)
	assert.InDelta(t, m.Now, stamp, float64(100*time.Microsecond))
	assert.Zero(t, s.Steps(), "drift is no step")
}

// NTP, an operator or a virtual machine that wakes up sets the wall clock, in which the kernel stamps. A stamp that is
// hours too early made times of 0, one too late the time of the read: both unnoticed.
func TestSetWallClockIsNoticedAndItsStampsAreNotUsed(t *testing.T) {
	for name, step := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour, "by a little": -20 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			var s Stamps
			s.resample()
			assert.Zero(t, s.Steps(), "the first look is no step")
			before := ThisMoment()     // two segments came then, under the clock of old
			s.offset.Add(-int64(step)) // as if the clock had been set since it was sampled
			stamp := before.Wall - int64(step)
			time.Sleep(time.Millisecond)
			for range 2 {
				if told, ok := s.Monotonic(stamp, ThisMoment()); ok { // back: it seems to be of the future, as if read at once
					assert.Greater(t, told, before.Now)
				}
			}
			assert.EqualValues(t, 1, s.Steps().Count, "both readers saw one step")
			assert.InDelta(t, math.Abs(Ms(int64(step))), s.Steps().Largest, 5)
			read := ThisMoment()
			told, ok := s.Monotonic(read.Wall, read)
			assert.True(t, ok)
			assert.InDelta(t, read.Now, told, float64(time.Millisecond), "the next stamp is good again")
		})
	}
}
