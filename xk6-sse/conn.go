package sse

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// wire is a TCP connection whose reads are stamped.
type wire struct {
	net.Conn         // counts data_sent and data_received for k6
	kernel   *socket // the same, where the kernel stamps; nil: the read is the stamp
	clock    *stamper

	stamp  int64 // when the bytes of the last read came in, on the clock's scale
	reads  int64 // reads that brought bytes
	late   int64 // how long after its stamp the last read was
	delays []int64
	atRead bool // the read is the stamp for this request, whatever the kernel says
}

func (w *wire) Read(p []byte) (int, error) {
	if w.kernel == nil || len(p) == 0 {
		n, err := w.Conn.Read(p)
		if n > 0 {
			w.reads++
			w.stamp = clock.Now()
		}
		return n, err
	}
	n, wall, err := w.kernel.read(p)
	if n > 0 {
		w.note(wall, clock.ThisMoment())
	}
	return n, err
}

// lateRead is when a read comes so late that what it joins may have come apart; a round of the poller is a fifth of it.
const lateRead = int64(5 * time.Millisecond)

// mostDelays bounds how many delays of one request are kept: they go into a histogram, and so many tell its shape.
const mostDelays = 1 << 16

// note books a stamp: never later than the read that saw it, never earlier than the one before.
func (w *wire) note(wall int64, read clock.Moment) {
	readAt := read.Now
	stamp := max(readAt, w.stamp)
	w.late = 0
	if wall > 0 && !w.atRead {
		if told, ok := w.clock.Monotonic(wall, read); ok {
			stamp = max(min(told, readAt), w.stamp)
			w.late = readAt - stamp
			if len(w.delays) < mostDelays {
				w.delays = append(w.delays, w.late)
			}
		}
	}
	w.stamp = stamp
	w.reads++
}

// stampReads makes the read the stamp from here on; what is at hand has been read just now.
func (w *wire) stampReads() { w.atRead, w.late, w.stamp = true, 0, max(clock.Now(), w.stamp) }

// conn is a connection, for HTTP/1.1 unless h2 is set. Nothing lies between an HTTP/1.1 one's socket and its stamps.
type conn struct {
	*wire
	rw   net.Conn // TLS over the wire, or the wire itself, or h2
	h2   *session
	key  string
	buf  []byte // buf[r:w] has been read and not been used
	r, w int
}

// readSize is small: one recvmsg over many segments would give all of them the last one's stamp.
const readSize = 8 << 10

// fill reads once; the bytes that are left move to the front.
func (c *conn) fill() error {
	if c.r > 0 {
		c.w = copy(c.buf, c.buf[c.r:c.w])
		c.r = 0
	}
	n, err := c.rw.Read(c.buf[c.w:])
	c.w += n
	if n > 0 {
		return nil
	}
	return err
}

func (c *conn) close() { _ = c.rw.Close() }

// target is where a URL points.
type target struct {
	url   *url.URL
	key   string // scheme and host
	addr  string // host:port
	path  string
	shown string // without a password
	clean string // without the query too: for tags
}

func parseTarget(raw string) (*target, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("the URL %q is malformed", raw)
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port == "" || u.Hostname() == "" {
		return nil, fmt.Errorf("the URL %q is not an http:// or https:// one", u.Redacted())
	}
	if u.Port() != "" {
		port = u.Port()
	}
	clean := *u
	clean.RawQuery, clean.Fragment, clean.User = "", "", nil
	return &target{
		url: u, key: u.Scheme + "://" + u.Host, addr: net.JoinHostPort(u.Hostname(), port),
		path: u.RequestURI(), shown: u.Redacted(), clean: clean.String(),
	}, nil
}

// dial opens a connection through k6's dialer (hosts, block lists, DNS) and speaks TLS where the scheme wants it.
func dial(ctx context.Context, state *lib.State, stamps *stamper, to *target) (*conn, error) {
	raw, err := state.Dialer.DialContext(ctx, "tcp", to.addr)
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: raw, clock: stamps}
	if counted, ok := raw.(*netext.Conn); ok && stamps.kernel {
		// A connection of another kind than TCP is stamped at the read.
		if s, err := newSocket(counted.Conn, counted.BytesRead, counted.BytesWritten); err == nil {
			w.Conn, w.kernel = s, s
		}
	}
	c := &conn{wire: w, rw: w, key: to.key, buf: make([]byte, readSize)}
	if to.url.Scheme != "https" {
		return c, nil
	}
	secure, err := handshake(ctx, state, w, to, "http/1.1")
	if err != nil {
		return nil, err
	}
	c.rw = secure
	return c, nil
}

// handshake speaks TLS over raw, with k6's settings; it closes raw when it fails.
func handshake(ctx context.Context, state *lib.State, raw net.Conn, to *target, protocol string) (*tls.Conn, error) {
	config := &tls.Config{} //nolint:gosec // k6's own settings follow
	if state.TLSConfig != nil {
		config = state.TLSConfig.Clone()
	}
	config.NextProtos = []string{protocol}
	if config.ServerName == "" {
		config.ServerName = to.url.Hostname()
	}
	secure := tls.Client(raw, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}
