package wire

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/fault"
)

// Pool opens connections and keeps those that no request is using. Any goroutine may use it.
type Pool struct {
	Machinery func() *Machinery // chosen at the first use: k6 also loads the module where nothing is measured

	faults    *fault.Log
	onlyHTTP2 sync.Map // the keys of the targets that refuse HTTP/1.1
	readClock struct{ http2, gzip, unix atomic.Int64 }

	mu   sync.Mutex
	idle map[string][]*Conn // by key
}

// NewPool makes an empty one. Faults of our own in its goroutines go to the log.
func NewPool(faults *fault.Log) *Pool {
	return &Pool{Machinery: sync.OnceValue(Choose), faults: faults, idle: map[string][]*Conn{}}
}

// Take takes an idle connection to a target, nil where there is none. The last one given back is taken first, so that
// there are only as many as there are requests at a time, however many users take turns.
func (p *Pool) Take(to *Target) *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	conns := p.idle[to.Key]
	if len(conns) == 0 {
		return nil
	}
	last := conns[len(conns)-1]
	p.idle[to.Key] = conns[:len(conns)-1]
	return last
}

// Put keeps a connection whose answer has been read to its end.
func (p *Pool) Put(c *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle[c.key] = append(p.idle[c.key], c)
}

// Idle is how many connections are kept.
func (p *Pool) Idle() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conns := range p.idle {
		n += len(conns)
	}
	return n
}

// CloseIdle closes those that are kept.
func (p *Pool) CloseIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conns := range p.idle {
		for _, c := range conns {
			_ = c.Close()
		}
	}
	clear(p.idle)
}

// Dialer opens TCP connections, with the settings of whoever asks.
type Dialer struct {
	Dial func(ctx context.Context, to *Target) (Raw, error) // as far as its proxy, where it has one
	TLS  *tls.Config                                        // nil: the usual settings
}

// Raw is a TCP connection as it was opened.
type Raw struct {
	net.Conn          // counts its bytes
	TCP      net.Conn // the same without counting; nil where that cannot be had
	In, Out  *int64   // the counts, for who reads and writes past Conn
}

// Connect opens a connection: for HTTP/1.1, or for HTTP/2 where the server's TLS refuses that or K6_SSE_HTTP2=1 forces
// it.
func (p *Pool) Connect(ctx context.Context, d Dialer, to *Target, limit time.Duration) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if to.URL.Scheme != "https" {
		return p.dialHTTP1(ctx, d, to)
	}
	if _, only := p.onlyHTTP2.Load(to.Key); only || os.Getenv("K6_SSE_HTTP2") == "1" {
		return p.dialHTTP2(ctx, d, to)
	}
	c, err := p.dialHTTP1(ctx, d, to)
	if err == nil || !strings.Contains(err.Error(), "no application protocol") { // the alert has no type of its own
		return c, err
	}
	if c, err = p.dialHTTP2(ctx, d, to); err == nil {
		p.onlyHTTP2.Store(to.Key, true)
	}
	return c, err
}

// dialHTTP1 opens a connection and speaks TLS where the scheme wants it.
func (p *Pool) dialHTTP1(ctx context.Context, d Dialer, to *Target) (*Conn, error) {
	raw, err := d.Dial(ctx, to)
	if err != nil {
		return nil, err
	}
	m := p.Machinery()
	below := m.stream(raw)
	all := &together{stamped: stamped{stream: below, kernel: &m.stamps}}
	wire, t := &all.stamped, &all.http1
	wire.stamps = &all.stamps
	*t = http1{Conn: wire, stream: below, unix: to.Socket != ""}
	if to.Via != nil {
		if t.Conn, err = to.Via.open(ctx, wire, to, d.TLS); err != nil {
			return nil, err
		}
	}
	if to.URL.Scheme == "https" {
		if t.Conn, err = handshake(ctx, d.TLS, t.Conn, to, "http/1.1"); err != nil {
			return nil, err
		}
	}
	all.conn = *newConn(to, wire.stamps, t)
	return &all.conn, nil
}

// together is a connection over HTTP/1.1 and what a read of it goes through, in one piece of memory: thousands are read
// in turn, and each is found cold.
type together struct {
	conn    Conn
	stamps  Stamps
	http1   http1
	stamped stamped
}

// handshake speaks TLS over raw; it closes raw when it fails.
func handshake(
	ctx context.Context, settings *tls.Config, raw net.Conn, to *Target, protocol string,
) (*tls.Conn, error) {
	config := &tls.Config{} // k6's own settings follow
	if settings != nil {
		config = settings.Clone()
	}
	config.NextProtos = []string{protocol}
	if config.ServerName == "" {
		config.ServerName = to.URL.Hostname()
	}
	secure := tls.Client(raw, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}

// ReadClockView counts the requests that were measured at the read although the clock is the kernel's.
type ReadClockView struct {
	HTTP2 int64 `json:"http2"`
	Gzip  int64 `json:"gzip"`
	Unix  int64 `json:"unix"`
}

// Count counts an answer that came on c, if it was measured at the read. One over HTTP/2 in gzip counts as the former.
func (p *Pool) Count(c *Conn) {
	_, overHTTP2 := c.transport.(*http2Conn)
	over1, _ := c.transport.(*http1)
	switch {
	case p.Machinery().Clock != kernelClock:
	case overHTTP2:
		p.readClock.http2.Add(1)
	case over1 != nil && over1.unix:
		p.readClock.unix.Add(1)
	case c.atRead:
		p.readClock.gzip.Add(1)
	}
}

// ReadClock tells what Count has counted.
func (p *Pool) ReadClock() ReadClockView {
	return ReadClockView{p.readClock.http2.Load(), p.readClock.gzip.Load(), p.readClock.unix.Load()}
}
