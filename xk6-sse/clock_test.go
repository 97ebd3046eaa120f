package sse

import (
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

func TestStampsAreBoundedWhenTheWallClockSteps(t *testing.T) {
	w := &wire{clock: &clock{kernel: true}, stamp: 100}
	w.clock.sampled.Store(now())
	for _, step := range []int64{-int64(time.Hour), int64(time.Hour)} {
		w.clock.offset.Store(step)
		readAt := now()
		last := w.stamp
		w.note(readAt, readAt)
		assert.LessOrEqual(t, w.stamp, readAt)
		assert.GreaterOrEqual(t, w.stamp, last)
	}
}

func TestOffsetIsSampledAgain(t *testing.T) {
	c := &clock{}
	c.monotonic(0, now())
	c.offset.Store(0)
	c.sampled.Store(now() - 2*offsetAge)
	wall := time.Now().UnixNano()
	assert.InDelta(t, now(), c.monotonic(wall, now()), float64(100*time.Millisecond))
}
