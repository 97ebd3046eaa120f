package wire

import (
	"fmt"
	"net"
	"os"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// Machinery is by what means sockets are read and their bytes stamped. It is chosen once, at the start: the platform's
// special means where the self-test has passed, else those that work everywhere.
type Machinery struct {
	Clock  string // "kernel": bytes have the kernel's receive stamp; "read": that of the read
	Reason string // why the clock is not the kernel's
	Poller string // "epoll": sockets are read by pollers of our own; "runtime": by Go's

	stamps clock.Stamps
}

const kernelClock = "kernel"

// Choose chooses. K6_SSE_CLOCK=read in the environment has it choose what works everywhere, to compare the two.
func Choose() *Machinery {
	m := &Machinery{Clock: "read", Poller: "runtime"}
	if os.Getenv("K6_SSE_CLOCK") == "read" {
		m.Reason = "K6_SSE_CLOCK=read"
		return m
	}
	if err := m.selfTest(); err != nil {
		m.Reason = err.Error()
		return m
	}
	m.Clock, m.Poller = kernelClock, ownPoller
	return m
}

// Steps is how often the wall clock was set during the run.
func (m *Machinery) Steps() clock.StepsView { return m.stamps.Steps() }

// stream takes a connection over. One of another kind than TCP is read by the plain means.
func (m *Machinery) stream(raw Raw) stream {
	if m.Clock == kernelClock && raw.TCP != nil {
		if s, err := newSocket(raw.TCP, raw.In, raw.Out); err == nil {
			return s
		}
	}
	p := &plain{Conn: raw.Conn, below: raw.TCP}
	if p.below == nil {
		p.below = raw.Conn
	}
	return p
}

// selfTest sends bytes over the loopback and demands that the kernel's stamps lie between write and read.
func (m *Machinery) selfTest() error {
	if err := keepStamping(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	defer func() { _ = listener.Close() }()
	near, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	defer func() { _ = near.Close() }()
	far, err := listener.Accept()
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	defer func() { _ = far.Close() }()

	reader, err := newSocket(far, new(int64), new(int64))
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	_ = reader.SetDeadline(time.Now().Add(2 * time.Second))
	// The kernel turns stamping on a little after it was asked for, so the first few may be missing.
	const tries, wanted, slack = 200, 5, int64(200 * time.Microsecond)
	good, problem := 0, "no stamp came with the bytes"
	for i := 0; i < tries && good < wanted; i++ {
		before := clock.Now()
		if _, err := near.Write([]byte{1}); err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
		_, wall, err := reader.read(make([]byte, 8))
		if err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
		read := clock.Both()
		after := read.Now
		stamp, ok := m.stamps.Convert(wall, read)
		switch {
		case wall == 0 || !ok:
			good = 0
			time.Sleep(time.Millisecond)
		case stamp < before-slack || stamp > after+slack:
			good, problem = 0, fmt.Sprintf("a stamp was wrong by %d us", (stamp-before)/1000)
		default:
			good++
		}
	}
	if good < wanted {
		return fmt.Errorf("self-test of the kernel's receive stamps failed: %s", problem)
	}
	return nil
}
