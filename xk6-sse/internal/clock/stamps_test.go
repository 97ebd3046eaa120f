package clock

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestOffsetIsSampledAgain(t *testing.T) {
	var s Stamps
	s.Convert(0, Both())
	s.sampled.Store(Now() - 2*offsetAge)
	s.offset.Add(int64(time.Millisecond)) // a clock that drifts
	m := Both()
	stamp, ok := s.Convert(m.Wall, m)
	assert.True(t, ok)
	assert.InDelta(t, m.Now, stamp, float64(100*time.Microsecond))
	assert.Zero(t, s.Steps().Count, "drift is no step")
}

// NTP, an operator or a virtual machine that wakes up sets the wall clock, in which the kernel stamps. A stamp that is
// hours too early made times of 0, one too late the time of the read: both unnoticed.
func TestSetWallClockIsNoticedAndItsStampsAreNotBelieved(t *testing.T) {
	for name, step := range map[string]time.Duration{
		"forward": time.Hour, "back": -time.Hour, "by a little": -20 * time.Millisecond,
	} {
		t.Run(name, func(t *testing.T) {
			var s Stamps
			s.resample()
			assert.Zero(t, s.Steps().Count, "the first look is no step")
			before := Both()           // the segments of two connections came then, under the clock of old
			s.offset.Add(-int64(step)) // as if the clock had been set by step since it was sampled
			stamped := before.Wall - int64(step)
			time.Sleep(time.Millisecond)
			for range 2 {
				read := Both()
				stamp, ok := s.Convert(stamped, read)
				assert.True(t, !ok || stamp >= read.Now, "not before the read, so that the read counts")
			}
			assert.EqualValues(t, 1, s.Steps().Count, "both readers saw one step")
			assert.InDelta(t, math.Abs(Ms(int64(step))), s.Steps().Largest, 5)
			read := Both()
			stamp, ok := s.Convert(read.Wall, read)
			assert.True(t, ok)
			assert.InDelta(t, read.Now, stamp, float64(time.Millisecond), "the next stamp is good again")
		})
	}
}
