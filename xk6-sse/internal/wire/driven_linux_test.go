//go:build linux && (amd64 || arm64)

package wire

import (
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// A target that sent faster than we read had the poller to itself until its own time-out, and good streams of others
// ended in time-outs meanwhile: four of four in the run that showed it.
func TestATargetThatSendsFasterThanWeReadLeavesTimeToTheOthers(t *testing.T) {
	flooding, greedy, first := ourSocket(t)
	near, far, s := ourSocket(t)
	for s.poller != first.poller { // there may be several
		near, far, s = ourSocket(t)
	}
	_ = greedy.SetDeadline(time.Now().Add(2 * testkit.Soon))
	_ = far.SetDeadline(time.Now().Add(testkit.Soon))
	go func() {
		for piece := make([]byte, 64<<10); ; {
			if _, err := flooding.Write(piece); err != nil {
				return
			}
		}
	}()
	enough, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		greedy.drive(func() bool {
			for p := make([]byte, 64); ; {
				_, err := greedy.Read(p)
				switch {
				case errors.Is(err, ErrNothing):
					return true
				case err != nil:
					return false
				}
				time.Sleep(time.Millisecond) // so that there is always more to read
				select {
				case <-enough:
					return false
				default:
				}
			}
		})
	}()
	got := 0
	go func() { // one after the other, as the tokens of a stream
		for range 5 {
			_, _ = near.Write([]byte("x"))
			time.Sleep(20 * time.Millisecond)
		}
		_ = near.CloseWrite()
	}()
	assert.ErrorIs(t, driven(far, func(p []byte) { got += len(p) }), io.EOF, "without the mend its deadline strikes")
	assert.Equal(t, 5, got)
	close(enough)
	<-stopped
	_ = greedy.Close()
}

// Nothing is lost of what is read in several turns, and its end is found.
func TestALongAnswerIsReadInTurnsToItsEnd(t *testing.T) {
	near, far, _ := ourSocket(t)
	const size = 8 << 20
	_ = far.SetDeadline(time.Now().Add(testkit.Soon))
	go func() { _, _ = near.Write(make([]byte, size)); _ = near.Close() }()
	got := 0
	assert.ErrorIs(t, driven(far, func(p []byte) { got += len(p) }), io.EOF)
	assert.Equal(t, size, got)
}

// waiting tells whether bytes lie unread in the socket.
func waiting(t *testing.T, s *socket) bool {
	n, _, err := syscall.Recvfrom(s.fd, make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	if !errors.Is(err, syscall.EAGAIN) {
		require.NoError(t, err)
	}
	return n > 0
}

// Bytes that had come before a deadline lay unread when it struck, since the machine was busy: the request was told to
// have timed out, though the target had answered in time.
func TestWhatCameInTimeIsNoTimeOutHoweverLateItIsRead(t *testing.T) {
	near, far, _ := ourSocket(t)
	c := newConn(&Target{}, far.stamps, &http1{Conn: far, stream: far.stream})
	come := func() {
		_, _ = near.Write([]byte("x"))
		require.Eventually(t, func() bool { return waiting(t, far.stream.(*socket)) }, testkit.Soon, time.Millisecond)
	}
	late := func(due int64) {
		for clock.Now() < due {
			time.Sleep(time.Millisecond)
		}
		c.Until(due)
		require.ErrorIs(t, c.Fill(), os.ErrDeadlineExceeded)
	}
	come()
	due := clock.Now() + int64(5*time.Millisecond)
	late(due)
	inTime, err := c.Came(due)
	assert.True(t, inTime && err == nil, err)
	assert.False(t, c.Drained(), "and it is read")

	due = clock.Now()
	come()
	late(due)
	inTime, err = c.Came(due)
	assert.False(t, inTime, "it came after the deadline")
	assert.NoError(t, err)

	inTime, err = c.Came(clock.Now())
	assert.False(t, inTime, "nothing came")
	assert.NoError(t, err)
	_ = near.Close()
	require.Eventually(t, far.stream.(*socket).ended.Load, testkit.Soon, time.Millisecond)
	_, err = c.Came(clock.Now())
	assert.ErrorIs(t, err, io.EOF, "it had ended, and did not stay silent")
}
