package sse

import (
	"fmt"
	"net"
	"os"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// stamper tells when bytes arrived: by the kernel's receive stamp where the self-test has passed, else by the read.
type stamper struct {
	kernel bool
	reason string // why kernel is false
	clock.Stamps
}

// newStamper chooses the method. K6_SSE_CLOCK=read turns the kernel's stamps off, to compare the two.
func newStamper() *stamper {
	c := &stamper{}
	if os.Getenv("K6_SSE_CLOCK") == "read" {
		c.reason = "K6_SSE_CLOCK=read"
		return c
	}
	if err := c.selfTest(); err != nil {
		c.reason = err.Error()
		return c
	}
	c.kernel = true
	return c
}

// name is how run.json calls the method.
func (c *stamper) name() string {
	if c.kernel {
		return "kernel"
	}
	return "read"
}

// poller names who reads the sockets: a poller of our own by epoll, or the runtime's.
func (c *stamper) poller() string {
	if c.kernel {
		return "epoll"
	}
	return "runtime"
}

// selfTest sends bytes over the loopback and demands that the kernel's stamps lie between write and read.
func (c *stamper) selfTest() error {
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
	good, problem := 0, "no stamp came"
	for i := 0; i < tries && good < wanted; i++ {
		before := clock.Now()
		if _, err := near.Write([]byte{1}); err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
		_, wall, err := reader.read(make([]byte, 8))
		if err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
		read := clock.ThisMoment()
		after := read.Now
		stamp, ok := c.Monotonic(wall, read)
		switch {
		case wall == 0 || !ok:
			good = 0
			time.Sleep(time.Millisecond)
		case stamp < before-slack || stamp > after+slack:
			good, problem = 0, fmt.Sprintf("a stamp lay %d us off", (stamp-before)/1000)
		default:
			good++
		}
	}
	if good < wanted {
		return fmt.Errorf("self-test of the kernel's receive stamps failed: %s", problem)
	}
	return nil
}
