package sse

import (
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

func TestSelfTestChoosesTheClock(t *testing.T) {
	c := newStamper()
	assert.Equal(t, c.kernel, c.reason == "", "the reason stands there exactly when the kernel is not used: %q", c.reason)
	t.Setenv("K6_SSE_CLOCK", "read")
	c = newStamper()
	assert.Equal(t, "read", c.name())
	assert.Equal(t, "K6_SSE_CLOCK=read", c.reason)
}

// pipe is a TCP connection with its far end stamped.
func pipe(t *testing.T, c *stamper) (near net.Conn, far *wire) {
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
	c := newStamper()
	near, far := pipe(t, c)
	buf := make([]byte, 16)
	last := int64(0)
	for range 500 {
		before := clock.Now()
		_, err := near.Write([]byte("x"))
		require.NoError(t, err)
		_, err = far.Read(buf)
		require.NoError(t, err)
		after := clock.Now()
		require.GreaterOrEqual(t, far.stamp, last)
		require.LessOrEqual(t, far.stamp, after)
		require.GreaterOrEqual(t, far.stamp, before-int64(time.Millisecond))
		last = far.stamp
	}
	assert.EqualValues(t, 500, far.reads)
}

func TestKernelStampDoesNotWaitForTheReader(t *testing.T) {
	c := newStamper()
	if !c.kernel {
		t.Skip(c.reason)
	}
	near, far := pipe(t, c)
	const nap = 20 * time.Millisecond
	_, err := near.Write([]byte("x"))
	require.NoError(t, err)
	wrote := clock.Now()
	time.Sleep(nap) // a generator that is busy elsewhere
	_, err = far.Read(make([]byte, 16))
	require.NoError(t, err)
	late := time.Duration(clock.Now() - wrote)
	require.Len(t, far.delays, 1)
	assert.Greater(t, time.Duration(far.delays[0]), nap/2)
	assert.Less(t, time.Duration(far.stamp-wrote), late/2, "the stamp is the arrival's, not the read's")
}

func TestStampsAreBoundedWhenTheWallClockSteps(t *testing.T) {
	w := &wire{clock: &stamper{kernel: true}, stamp: 100}
	for _, step := range []time.Duration{-time.Hour, time.Hour} {
		read := clock.ThisMoment()
		last := w.stamp
		w.note(read.Wall+int64(step), read)
		assert.LessOrEqual(t, w.stamp, read.Now)
		assert.GreaterOrEqual(t, w.stamp, last)
	}
}

// What is blocked, broken, slow and in pieces is read the same by the poller of our own and by the runtime's.
func TestAllOnThePlainMachinery(t *testing.T) {
	testkit.OnPlainMachinery(t, "TestRefuse|TestScriptForXk6SSE|TestSignals|TestSecondSignal|TestGracefulStop|TestMemoryStaysBounded")
}

func TestTheInstrumentTellsWhichMachineryIsUsed(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	i := u.snapshot().Instrument
	assert.Equal(t, i.Clock == "kernel", i.Poller == "epoll")
	assert.Contains(t, []string{"epoll", "runtime"}, i.Poller)
	assert.Contains(t, []string{"timerfd", "runtime"}, i.Timer)
	if os.Getenv("XK6_SSE_PLAIN") != "" {
		assert.Equal(t, []string{"read", "runtime", "runtime"}, []string{i.Clock, i.Poller, i.Timer})
	}
}
