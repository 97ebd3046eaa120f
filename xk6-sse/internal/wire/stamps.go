package wire

import (
	"net"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// Stamps tell when the bytes of an answer came, on the clock's scale.
type Stamps struct {
	At     int64   // when the bytes of the last read came in
	Reads  int64   // that brought bytes
	Late   int64   // how long after its stamp the last read was
	Delays []int64 // that of each read of this request

	atRead bool // the read is the stamp for this request, whatever the kernel says
}

// LateRead is when a read comes so late that what it joins may have come apart; a round of the poller is a fifth of it.
const LateRead = int64(5 * time.Millisecond)

// mostDelays bounds how many delays of one request are kept: they go into a histogram, and so many tell its shape.
const mostDelays = 1 << 16

// StampReads makes the read the stamp from here on; what is at hand has been read just now.
func (s *Stamps) StampReads() { s.atRead, s.Late, s.At = true, 0, max(clock.Now(), s.At) }

// note books a read: its stamp is never later than the read that saw it, never earlier than the one before. `wall` is
// the kernel's stamp, 0 where it gave none.
func (s *Stamps) note(wall int64, read clock.Moment, kernel *clock.Stamps) {
	stamp := max(read.Now, s.At)
	s.Late = 0
	if wall > 0 && !s.atRead {
		if told, ok := kernel.Convert(wall, read); ok {
			stamp = max(min(told, read.Now), s.At)
			s.Late = read.Now - stamp
			if len(s.Delays) < mostDelays {
				s.Delays = append(s.Delays, s.Late)
			}
		}
	}
	s.At = stamp
	s.Reads++
}

// stamped is a TCP connection whose reads are stamped. TLS reads through it, so the stamps are those of the segments.
type stamped struct {
	stream
	stamps *Stamps
	kernel *clock.Stamps
}

// stream is a TCP connection as this package reads it, by one of two means: socket (a poller of our own and the
// kernel's stamps, where the platform has them) and plain (any connection of Go's). See Machinery.
type stream interface {
	net.Conn
	// read brings bytes and the wall time, ns, at which the kernel took in the last of them; 0 where that is not known.
	read(p []byte) (n int, wall int64, err error)
	// drive calls step whenever something has come or the deadline has struck, until it returns false, and returns
	// then. Step must read until it gets ErrNothing, and must not wait.
	drive(step func() bool)
	// atOnce has reads from here on wait for nothing, or wait again: they end with ErrNothing then.
	atOnce(on bool)
}

// Read is net.Conn's.
func (s *stamped) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, wall, err := s.read(p)
	if n > 0 {
		s.stamps.note(wall, clock.Both(), s.kernel)
	}
	return n, err
}

// plain reads a connection by Go's own means, which every platform has. A read waits until something has come, so step
// is called once and never gets ErrNothing.
type plain struct {
	net.Conn
	below  net.Conn // the same, for who must ask the operating system itself
	hasten bool
}

func (p *plain) read(b []byte) (n int, wall int64, err error) {
	if p.hasten {
		n, err = readAtOnce(p.below, b)
		return n, 0, err
	}
	n, err = p.Read(b)
	return n, 0, err
}

func (p *plain) atOnce(on bool) { p.hasten = on }

func (p *plain) drive(step func() bool) {
	for step() {
	}
}

// ErrNothing is what a read in Drive ends with when nothing has come. It is a temporary net.Error, so that TLS goes on
// where it was with the next read.
var ErrNothing error = nothing{}

type nothing struct{}

func (nothing) Error() string   { return "nothing has come" }
func (nothing) Timeout() bool   { return false }
func (nothing) Temporary() bool { return true }
