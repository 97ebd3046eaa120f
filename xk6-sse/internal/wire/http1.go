package wire

import (
	"net"
	"strings"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// http1 is a connection over HTTP/1.1. Nothing lies between its socket and the stamps.
type http1 struct {
	net.Conn // TLS over the stream, or the stream itself
	stream   stream
	unix     bool // over a unix socket, which has no stamps
}

func (c *http1) Protocol() string { return "HTTP/1.1" }

// send writes it. What the socket did not take at all was not read; of what it took the server may have read all.
func (c *http1) send(request []byte) (written int64, err error) {
	n, err := c.Write(request)
	if err != nil && n == 0 {
		err = &Unread{err}
	}
	return clock.Now(), err
}

// stray reads through TLS too: what comes beside the answers there (session tickets) is in order.
func (c *http1) stray(p []byte) (int, error) {
	c.stream.atOnce(true)
	defer c.stream.atOnce(false)
	return c.Read(p)
}

func (c *http1) Drive(step func() bool) { c.stream.drive(step) }

// head reads up to the blank line.
func (*http1) head(c *Conn, fill func() error) (*Head, error) {
	scanned := 0
	for {
		if n := headEnd(c.buf[c.r+scanned : c.w]); n >= 0 {
			raw := string(c.buf[c.r : c.r+scanned+n])
			c.r += scanned + n
			h, err := parseHead(raw)
			if err == nil && h.Status >= 100 && h.Status < 200 && h.Status != 101 { // interim: the answer follows
				scanned = 0
				continue
			}
			return h, err
		}
		if c.w-c.r >= headLimit {
			return nil, ErrLarge
		}
		scanned = max(0, c.w-c.r-3) // the blank line may be split
		if c.r == 0 && c.w == len(c.buf) {
			c.buf = append(c.buf, make([]byte, len(c.buf))...)
		}
		if err := fill(); err != nil {
			return nil, err
		}
	}
}

// frame reads from the headers how long the answer is.
func (*http1) frame(b *Body, h *Head, method string) (keep bool, err error) {
	connection := strings.ToLower(h.Get("Connection"))
	keep = !strings.Contains(connection, "close") &&
		(h.Protocol == "HTTP/1.1" || strings.Contains(connection, "keep-alive"))
	if method == "HEAD" || h.Status == 204 || h.Status == 304 {
		b.end = true
		return keep, nil
	}
	if b.chunked, err = h.chunked(); err != nil || b.chunked {
		return keep, err
	}
	if b.left, err = h.length(); err != nil {
		return false, err
	}
	b.end = b.left == 0
	return keep && b.left != untilTheEnd, nil
}
