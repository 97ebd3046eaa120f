//go:build linux && (amd64 || arm64)

package wire

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// ourSocket is the far end of a connection, read by a poller of ours.
func ourSocket(t *testing.T) (near *net.TCPConn, far *stamped, s *socket) {
	m := special()
	if m == nil {
		t.Skip("the kernel's stamps cannot be had here")
	}
	c, far := pipe(t, m)
	return c.(*net.TCPConn), far, far.stream.(*socket)
}

// onVainRead has f called once, between a read that finds nothing and what is made of that.
func onVainRead(t *testing.T, f func()) {
	var hook func()
	hook = func() {
		if afterVainRead.CompareAndSwap(&hook, nil) {
			f()
		}
	}
	afterVainRead.Store(&hook)
	t.Cleanup(func() { afterVainRead.Store(nil) })
}

// told waits until the poller has told the socket of something.
func told(t *testing.T, s *socket) {
	require.Eventually(t, func() bool { return len(s.ready) > 0 }, testkit.Soon, 50*time.Microsecond)
}

// A body that ends by close: its last bytes and the FIN came between the read that found nothing and the store that
// said so, which wiped out that the connection had ended. The user hung until the idle time-out, once in 5,000 to
// 17,000 requests.
func TestFINThatComesWhileAReadFindsNothingIsNotLost(t *testing.T) {
	near, far, s := ourSocket(t)
	onVainRead(t, func() {
		_, _ = near.Write([]byte("last"))
		_ = near.CloseWrite()
		require.Eventually(t, s.ended.Load, testkit.Soon, 50*time.Microsecond)
	})
	_ = far.SetDeadline(time.Now().Add(testkit.Soon))
	body, err := io.ReadAll(far)
	assert.NoError(t, err, "without the mend the second read waits for what will not come")
	assert.Equal(t, "last", string(body))
}

// driven reads to the connection's end.
func driven(far *stamped, took func([]byte)) (end error) {
	far.drive(func() bool {
		for {
			p := make([]byte, 64)
			n, err := far.Read(p)
			if n > 0 && took != nil {
				took(p[:n])
			}
			switch {
			case errors.Is(err, ErrNothing):
				return true
			case err != nil:
				end = err
				return false
			}
		}
	})
	return end
}

// What came after the head had been read and before the poller took over was told once, to nobody: the answer lay in the
// socket until more came, or the time-out struck.
func TestWhatComesBeforeTheSocketIsDrivenIsNotLost(t *testing.T) {
	near, far, s := ourSocket(t)
	_, _ = near.Write([]byte("head"))
	n, err := far.Read(make([]byte, 64))
	require.NoError(t, err)
	require.Equal(t, 4, n)
	for len(s.ready) > 0 { // the head's own
		<-s.ready
	}
	_, _ = near.Write([]byte("body"))
	told(t, s)
	_ = far.SetDeadline(time.Now().Add(testkit.Soon))
	got := ""
	end := driven(far, func(p []byte) {
		if got += string(p); got == "body" {
			_ = near.CloseWrite()
		}
	})
	assert.ErrorIs(t, end, io.EOF)
	assert.Equal(t, "body", got)
}

// A thousand bodies that end by close at every moment around the reader's own: none hangs.
func TestNoFINIsLostHoweverItFalls(t *testing.T) {
	for i := range 1000 {
		near, far, _ := ourSocket(t)
		_ = far.SetDeadline(time.Now().Add(testkit.Soon))
		go func() {
			_, _ = near.Write([]byte("x"))
			for end := time.Now().Add(time.Duration(i%100) * time.Microsecond); time.Now().Before(end); {
			}
			_, _ = near.Write([]byte("y"))
			_ = near.Close()
		}()
		var got []byte
		end := driven(far, func(p []byte) { got = append(got, p...) })
		require.ErrorIs(t, end, io.EOF)
		require.Equal(t, "xy", string(got))
		_ = far.Close()
	}
}
