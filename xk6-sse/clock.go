package sse

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// epoch is the zero of now(). Its monotonic reading makes every difference immune to steps of the wall clock.
var epoch = time.Now()

// now is the process's monotonic clock, in nanoseconds.
func now() int64 { return int64(time.Since(epoch)) }

// at turns a reading of now() into the time that deadlines want.
func at(ns int64) time.Time { return epoch.Add(time.Duration(ns)) }

// ms turns nanoseconds into the milliseconds that JavaScript sees.
func ms(ns int64) float64 { return float64(ns) / 1e6 }

// clock tells when bytes arrived: by the kernel's receive stamp where the self-test has passed, else by the read.
type clock struct {
	kernel bool
	reason string // why kernel is false

	// wall - monotonic. The kernel stamps in wall time, so it is sampled again each second, and when a read finds it wrong.
	offset, sampled atomic.Int64
	steps           steps
	lastStep        atomic.Int64 // when the last one was noticed
}

const (
	offsetAge = int64(time.Second)
	// stepped is when the two clocks have moved apart by so much that it is no drift: NTP slews a clock by at most half a
	// millisecond a second.
	stepped = int64(5 * time.Millisecond)
)

// steps counts how often the wall clock was set while the run went on, by whoever did.
type steps struct{ count, largest atomic.Int64 }

// stepsView is how often, and the largest one, ms.
type stepsView struct {
	Count   int64   `json:"count"`
	Largest float64 `json:"largest"`
}

func (s *steps) view() stepsView { return stepsView{s.count.Load(), ms(s.largest.Load())} }

func (s *steps) add(by int64) {
	s.count.Add(1)
	for known := s.largest.Load(); by > known && !s.largest.CompareAndSwap(known, by); {
		known = s.largest.Load()
	}
}

// moment is one instant on both clocks.
type moment struct{ wall, monotonic int64 }

func thisMoment() moment {
	t := time.Now()
	return moment{t.UnixNano(), int64(t.Sub(epoch))}
}

// newClock chooses the method. K6_SSE_CLOCK=read turns the kernel's stamps off, to compare the two.
func newClock() *clock {
	c := &clock{}
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
func (c *clock) name() string {
	if c.kernel {
		return "kernel"
	}
	return "read"
}

// resample reads wall and monotonic time together. Being descheduled between the two makes the difference
// smaller, never larger, so the largest of a few is the best.
func (c *clock) resample() {
	best := int64(-1 << 62)
	for range 5 {
		m := thisMoment()
		best = max(best, m.wall-m.monotonic)
	}
	was, first := c.offset.Swap(best), c.sampled.Swap(now()) == 0
	if by := max(best-was, was-best); by > stepped && !first {
		c.steps.add(by)
		c.lastStep.Store(now())
	}
}

// monotonic converts a wall stamp of the kernel to now()'s scale; false where it cannot, because the wall clock has been
// set: the stamp may be of before or after. A stamp that a set clock made hours too early would give times of 0.
func (c *clock) monotonic(wall int64, read moment) (stamp int64, ok bool) {
	s := c.sampled.Load()
	if s == 0 || read.monotonic-s > offsetAge {
		c.resample()
	}
	if by := read.wall - read.monotonic - c.offset.Load(); by > stepped || by < -stepped {
		c.resample() // being descheduled between the two clocks looks the same, and is none
	}
	stamp = wall - c.offset.Load()
	return stamp, stamp >= c.lastStep.Load()
}

// selfTest sends bytes over the loopback and demands that the kernel's stamps lie between write and read.
func (c *clock) selfTest() error {
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
		before := now()
		if _, err := near.Write([]byte{1}); err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
		_, wall, err := reader.read(make([]byte, 8))
		if err != nil {
			return fmt.Errorf("self-test: %w", err)
		}
		read := thisMoment()
		after := read.monotonic
		stamp, ok := c.monotonic(wall, read)
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
