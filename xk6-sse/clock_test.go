package sse

import (
	"math"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSelfTestChoosesTheClock(t *testing.T) {
	c := newClock()
	assert.Equal(t, c.kernel, c.reason == "", "the reason stands there exactly when the kernel is not used: %q", c.reason)
	t.Setenv("K6_SSE_CLOCK", "read")
	c = newClock()
	assert.Equal(t, "read", c.name())
	assert.Equal(t, "K6_SSE_CLOCK=read", c.reason)
}

// pipe is a TCP connection with its far end stamped.
func pipe(t *testing.T, c *clock) (near net.Conn, far *wire) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	near, err = net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	conn, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = near.Close(); _ = conn.Close() })
	far = &wire{Conn: conn, clock: c}
	if c.kernel {
		s, err := newSocket(conn, new(int64), new(int64))
		require.NoError(t, err)
		far.Conn, far.kernel = s, s
		t.Cleanup(func() { _ = s.Close() })
	}
	return near, far
}

func TestStampsLieBetweenWriteAndReadAndNeverGoBack(t *testing.T) {
	c := newClock()
	near, far := pipe(t, c)
	buf := make([]byte, 16)
	last := int64(0)
	for range 500 {
		before := now()
		_, err := near.Write([]byte("x"))
		require.NoError(t, err)
		_, err = far.Read(buf)
		require.NoError(t, err)
		after := now()
		require.GreaterOrEqual(t, far.stamp, last)
		require.LessOrEqual(t, far.stamp, after)
		require.GreaterOrEqual(t, far.stamp, before-int64(time.Millisecond))
		last = far.stamp
	}
	assert.EqualValues(t, 500, far.reads)
}

func TestKernelStampDoesNotWaitForTheReader(t *testing.T) {
	c := newClock()
	if !c.kernel {
		t.Skip(c.reason)
	}
	near, far := pipe(t, c)
	const nap = 20 * time.Millisecond
	_, err := near.Write([]byte("x"))
	require.NoError(t, err)
	wrote := now()
	time.Sleep(nap) // a generator that is busy elsewhere
	_, err = far.Read(make([]byte, 16))
	require.NoError(t, err)
	late := time.Duration(now() - wrote)
	require.Len(t, far.delays, 1)
	assert.Greater(t, time.Duration(far.delays[0]), nap/2)
	assert.Less(t, time.Duration(far.stamp-wrote), late/2, "the stamp is the arrival's, not the read's")
}

// NTP, an operator or a virtual machine that wakes up sets the wall clock, in which the kernel stamps. A stamp that is
// hours too early made times of 0, one too late the time of the read: both unnoticed.
func TestSetWallClockIsNoticedAndGivesNoTimesOfZero(t *testing.T) {
	for name, step := range map[string]int64{"forward": int64(time.Hour), "back": -int64(time.Hour), "by a little": -int64(20 * time.Millisecond)} {
		t.Run(name, func(t *testing.T) {
			c := &clock{kernel: true}
			c.resample()
			assert.Zero(t, c.steps.view().Count, "the first look is no step")
			others := []*wire{{clock: c}, {clock: c}}
			sent := now()
			before := thisMoment() // the segments of both came then, under the clock of old
			c.offset.Add(-step)    // as if the clock had been set by step since it was sampled
			stamped := before.wall - step
			time.Sleep(time.Millisecond)
			for _, w := range others {
				w.stamp = sent
				read := thisMoment()
				w.note(stamped, read)
				assert.Greater(t, w.stamp, before.monotonic, "not the time of sending: the read counts")
				assert.LessOrEqual(t, w.stamp, read.monotonic)
			}
			assert.EqualValues(t, 1, c.steps.view().Count, "both readers saw one step")
			assert.InDelta(t, math.Abs(ms(step)), c.steps.view().Largest, 5)
			read := thisMoment()
			others[0].note(read.wall, read)
			assert.InDelta(t, read.monotonic, others[0].stamp, float64(time.Millisecond), "the next stamp is good again")
		})
	}
}

func TestOffsetIsSampledAgain(t *testing.T) {
	c := &clock{}
	c.monotonic(0, thisMoment())
	c.sampled.Store(now() - 2*offsetAge)
	c.offset.Add(int64(time.Millisecond)) // a clock that drifts
	m := thisMoment()
	stamp, ok := c.monotonic(m.wall, m)
	assert.True(t, ok)
	assert.InDelta(t, m.monotonic, stamp, float64(100*time.Microsecond))
	assert.Zero(t, c.steps.view().Count, "drift is no step")
}
