package wire

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

func TestSelfTestChoosesTheClock(t *testing.T) {
	c := Choose()
	assert.Equal(t, c.Clock == kernelClock, c.Reason == "",
		"the reason stands there exactly when the kernel is not used: %q", c.Reason)
	assert.Equal(t, c.Clock == kernelClock, c.Poller == ownPoller)
	t.Setenv("K6_SSE_CLOCK", "read")
	c = Choose()
	assert.Equal(t, []string{"read", "runtime"}, []string{c.Clock, c.Poller})
	assert.Equal(t, "K6_SSE_CLOCK=read", c.Reason)
}

// pipe is a TCP connection with its far end stamped by the machinery.
func pipe(t *testing.T, m *Machinery) (near net.Conn, far *stamped) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	near, err = net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	c, err := l.Accept()
	require.NoError(t, err)
	below := m.stream(Raw{Conn: c, TCP: c, In: new(int64), Out: new(int64)})
	t.Cleanup(func() { _ = near.Close(); _ = below.Close() })
	return near, &stamped{stream: below, stamps: &Stamps{}, kernel: &m.stamps}
}

func TestStampsLieBetweenWriteAndReadAndNeverGoBack(t *testing.T) {
	c := Choose()
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
		require.GreaterOrEqual(t, far.stamps.At, last)
		require.LessOrEqual(t, far.stamps.At, after)
		require.GreaterOrEqual(t, far.stamps.At, before-int64(time.Millisecond))
		last = far.stamps.At
	}
	assert.EqualValues(t, 500, far.stamps.Reads)
}

func TestKernelStampDoesNotWaitForTheReader(t *testing.T) {
	c := Choose()
	if c.Clock != kernelClock {
		t.Skip(c.Reason)
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
	require.Len(t, far.stamps.Delays, 1)
	assert.Greater(t, time.Duration(far.stamps.Delays[0]), nap/2)
	assert.Less(t, time.Duration(far.stamps.At-wrote), late/2, "the stamp is the arrival's, not the read's")
}

// A stamp that a set clock made is not believed: neither a time of 0 nor one of hours.
func TestAStampThatASetClockMadeIsTheReads(t *testing.T) {
	var s Stamps
	var kernel clock.Stamps
	s.note(time.Now().UnixNano(), clock.Both(), &kernel)
	for _, step := range []time.Duration{-time.Hour, time.Hour} {
		read := clock.Both()
		s.note(time.Now().Add(step).UnixNano(), read, &kernel)
		assert.Equal(t, read.Now, s.At, "what it says is not looked at")
	}
}

// What both machineries must do alike: a step reads what has come, and is called again until it has had enough.
func TestEitherMachineryDrives(t *testing.T) {
	t.Setenv("K6_SSE_CLOCK", "read")
	for name, m := range map[string]*Machinery{"plain": Choose(), "special": special()} {
		t.Run(name, func(t *testing.T) {
			if m == nil {
				t.Skip("there is none here")
			}
			near, far := pipe(t, m)
			go func() {
				for range 3 {
					_, _ = near.Write([]byte("abc"))
					time.Sleep(2 * time.Millisecond)
				}
				_ = near.(*net.TCPConn).CloseWrite()
			}()
			var got []byte
			var end error
			far.drive(func() bool {
				for {
					p := make([]byte, 2)
					n, err := far.Read(p)
					got = append(got, p[:n]...)
					switch {
					case errors.Is(err, ErrNothing):
						return true
					case err != nil:
						end = err
						return false
					}
				}
			})
			assert.Equal(t, "abcabcabc", string(got))
			assert.ErrorIs(t, end, io.EOF)
			assert.NoError(t, far.SetDeadline(time.Now().Add(10*time.Millisecond)))
		})
	}
}

// A deadline that strikes while a step waits for bytes ends in an error that can be put off.
func TestEitherMachineryKeepsDeadlines(t *testing.T) {
	t.Setenv("K6_SSE_CLOCK", "read")
	for name, m := range map[string]*Machinery{"plain": Choose(), "special": special()} {
		t.Run(name, func(t *testing.T) {
			if m == nil {
				t.Skip("there is none here")
			}
			near, far := pipe(t, m)
			struck := 0
			_ = far.SetDeadline(time.Now().Add(5 * time.Millisecond))
			far.drive(func() bool {
				for {
					n, err := far.Read(make([]byte, 8))
					switch {
					case errors.Is(err, ErrNothing):
						return true
					case errors.Is(err, os.ErrDeadlineExceeded):
						struck++
						_ = far.SetDeadline(time.Now().Add(testkit.Soon))
						_, _ = near.Write([]byte("x"))
					default:
						assert.Equal(t, 1, n)
						return false
					}
				}
			})
			assert.Equal(t, 1, struck)
		})
	}
}

// special is the platform's own machinery, nil where it has none.
func special() *Machinery {
	m := &Machinery{}
	if m.selfTest() != nil {
		return nil
	}
	m.Clock, m.Poller = kernelClock, ownPoller
	return m
}

func TestAllOnThePlainMachinery(t *testing.T) { testkit.OnPlainMachinery(t, "") }

// Whoever works on Linux must not break the others. All that differs between platforms is in these packages.
func TestItBuildsForOtherPlatforms(t *testing.T) {
	if testing.Short() || os.Getenv("XK6_SSE_PLAIN") != "" {
		t.Skip("it was compiled, or will be, by another run")
	}
	for _, platform := range []string{"darwin/arm64", "windows/amd64", "linux/arm64"} {
		system, arch, _ := strings.Cut(platform, "/")
		build := exec.CommandContext(t.Context(), "go", "build", "../clock", "../host", ".")
		build.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=0")
		out, err := build.CombinedOutput()
		assert.NoError(t, err, "%s: %s", platform, out)
	}
}
