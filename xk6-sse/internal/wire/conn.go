// Package wire speaks HTTP to a target, and tells when each byte of an answer came. A Conn carries one request at a
// time and looks the same over HTTP/1.1 (http1.go) and HTTP/2 (http2.go); a Pool opens and keeps them. Below HTTP/1.1
// lies a stream, by one of two means (Machinery): pollers of our own that read the kernel's receive stamps, or Go's own
// network code, on every platform. Parser takes a stream of server-sent events apart. Nothing here knows k6.
package wire

import (
	"errors"
	"io"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// Conn is a connection to a target. One goroutine uses it at a time; Interrupt and Close any may call.
type Conn struct {
	*Stamps
	transport

	key  string // of the target
	buf  []byte // buf[r:w] has been read and not been used
	r, w int

	began int64 // when the last request began to be written
	body  Body  // of the answer at hand
}

// transport is what differs between the protocols.
type transport interface {
	// send writes a request, given as the bytes that HTTP/1.1 has for it, and tells when it had been written. An error
	// that is Unread says that the server cannot have read any of it.
	send(request []byte) (written int64, err error)
	// Read brings bytes of the answer, and stamps them.
	Read(p []byte) (int, error)
	// stray reads what has come although nothing was asked for, without waiting: ErrNothing when all is in order.
	stray(p []byte) (int, error)
	// head waits for the answer's head; `fill` reads once into the connection's buffer.
	head(c *Conn, fill func() error) (*Head, error)
	// frame tells the body how the answer's end is known. `keep`: the connection can be used again after it.
	frame(b *Body, h *Head, method string) (keep bool, err error)
	// Drive calls step whenever something has come or the deadline has struck, until it returns false, and returns
	// then. Step must read until it gets ErrNothing, or another error; it may be called in another goroutine.
	Drive(step func() bool)
	// Protocol names it.
	Protocol() string

	SetDeadline(t time.Time) error
	Close() error
}

// ReadSize is how much a read may bring. It is small: one recvmsg over many segments would give all of them the last
// one's stamp.
const ReadSize = 8 << 10

func newConn(to *Target, stamps *Stamps, t transport) *Conn {
	return &Conn{Stamps: stamps, transport: t, key: to.Key, buf: make([]byte, ReadSize)}
}

// Begin readies the connection for a request.
func (c *Conn) Begin() {
	c.Delays, c.r, c.w, c.atRead = c.Delays[:0], 0, 0, false
}

// Look tells whether a connection that carries no request is fit for one. Bytes that lie on it (a proxy's 408, what a
// confused proxy left there) are no answer to what will be asked: they come back, at most a few of them. An error says
// that the connection has been closed. It does not wait.
func (c *Conn) Look() (stray []byte, err error) {
	_ = c.SetDeadline(time.Time{}) // that of the last request may have passed
	n, err := c.stray(c.buf)
	switch {
	case n > 0:
		return c.buf[:min(n, strayKept)], nil
	case errors.Is(err, ErrNothing):
		return nil, nil
	case err == nil:
		return nil, io.ErrNoProgress
	}
	return nil, err
}

// strayKept is how much is told of bytes that nobody asked for.
const strayKept = 100

// Send writes a request, given as the bytes that HTTP/1.1 has for it, and tells when it had been written.
func (c *Conn) Send(request []byte) (written int64, err error) {
	c.began = clock.Now()
	written, err = c.send(request)
	c.At = max(c.At, c.began) // nothing of the answer can have come before
	return written, err
}

// Sent is when the request of which the answer has begun was sent: `written`, or where the answer overtook the write's
// return, when the writing began.
func (c *Conn) Sent(written int64) int64 {
	if c.At < written {
		return c.began
	}
	return written
}

// Unread is why a connection broke where the server cannot have read any of the request: it may go out again on
// another. All else that breaks may have been read, and a request that is sent twice is billed twice.
type Unread struct{ Cause error }

func (u *Unread) Error() string { return u.Cause.Error() }

// Unwrap gives the cause.
func (u *Unread) Unwrap() error { return u.Cause }

// Fill reads once; the bytes that are left move to the front. After os.ErrDeadlineExceeded and ErrNothing reading can
// go on.
func (c *Conn) Fill() error {
	c.toFront()
	n, err := c.Read(c.buf[c.w:])
	c.w += n
	if n > 0 {
		return nil
	}
	return err
}

func (c *Conn) toFront() {
	if c.r > 0 {
		c.w = copy(c.buf, c.buf[c.r:c.w])
		c.r = 0
	}
}

// Came reads once what has come, without waiting, after a deadline has struck: who reads may be late, and what came in
// time is no time-out. It tells whether it came before `due`, as far as the kernel's stamps tell; an error is how the
// connection ended. A deadline must be set anew. Over HTTP/2 the library reads, and is not late.
func (c *Conn) Came(due int64) (inTime bool, err error) {
	if _, is := c.transport.(*http1); !is {
		return false, nil
	}
	_ = c.SetDeadline(time.Time{})
	c.toFront()
	n, err := c.stray(c.buf[c.w:])
	c.w += n
	switch {
	case n > 0:
		return c.At < due, nil
	case errors.Is(err, ErrNothing):
		return false, nil
	}
	return false, err
}

// Head reads the answer's head. `fill` is called to read once: it calls Fill, and may do more.
func (c *Conn) Head(fill func() error) (*Head, error) { return c.head(c, fill) }

// Body takes the framing off the answer that follows the head. `keep`: the connection can be used again after it.
func (c *Conn) Body(h *Head, method string, fill func() error) (b *Body, keep bool, err error) {
	b = &c.body
	*b = Body{c: c, fill: fill}
	keep, err = c.frame(b, h, method)
	return b, keep, err
}

// Drained tells that all that came has been used.
func (c *Conn) Drained() bool { return c.r == c.w }

// Until sets the deadline for writing and reading, on the clock's scale.
func (c *Conn) Until(due int64) { _ = c.SetDeadline(clock.At(due)) }

// Interrupt ends what the connection is waiting for.
func (c *Conn) Interrupt() { _ = c.SetDeadline(time.Unix(1, 0)) }
