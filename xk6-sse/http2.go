package sse

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.k6.io/k6/v2/lib"
	"golang.org/x/net/http2"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// HTTP/2 is spoken only where HTTP/1.1 is refused, for it is measured less well: the library reads the connection in a
// goroutine of its own and joins what came in the meantime, so the kernel's stamps cannot be told apart and the read is
// the stamp.

// readClock counts the requests that were measured at the read although the clock is the kernel's.
type readClock struct{ http2, gzip atomic.Int64 }

type readClockView struct {
	HTTP2 int64 `json:"http2"`
	Gzip  int64 `json:"gzip"`
}

func (c *readClock) view() readClockView { return readClockView{c.http2.Load(), c.gzip.Load()} }

// connections are those of all VUs, and what is known of how to make them.
type connections struct {
	clock     func() *stamper // made at the first use: k6 also loads the module where nothing is measured
	idle      idle
	onlyHTTP2 sync.Map // the keys of the targets that refuse HTTP/1.1
	readClock readClock
	faults    *faults
}

func newConnections(f *faults) *connections {
	return &connections{clock: sync.OnceValue(newStamper), faults: f}
}

// clocked counts the request if its answer was measured at the read. One over HTTP/2 in gzip counts as the former.
func (s *connections) clocked(x *exchange) {
	switch {
	case x.r.probe || x.r.head == nil || !s.clock().kernel:
	case x.c.h2 != nil:
		s.readClock.http2.Add(1)
	case x.c.atRead:
		s.readClock.gzip.Add(1)
	}
}

// connect opens a connection: for HTTP/1.1, or for HTTP/2 where the server's TLS refuses that or K6_SSE_HTTP2=1 forces
// it.
func (s *connections) connect(
	ctx context.Context, state *lib.State, to *target, limit time.Duration,
) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if to.url.Scheme != "https" {
		return dial(ctx, state, s.clock(), to)
	}
	if _, only := s.onlyHTTP2.Load(to.key); only || os.Getenv("K6_SSE_HTTP2") == "1" {
		return dialHTTP2(ctx, state, s.faults, to)
	}
	c, err := dial(ctx, state, s.clock(), to)
	if err == nil || !strings.Contains(err.Error(), "no application protocol") { // the alert has no type of its own
		return c, err
	}
	if c, err = dialHTTP2(ctx, state, s.faults, to); err == nil {
		s.onlyHTTP2.Store(to.key, true)
	}
	return c, err
}

// theTransport holds the settings; each connection is made, used and closed by us.
var theTransport = &http2.Transport{DisableCompression: true, MaxHeaderListSize: headLimit}

func dialHTTP2(ctx context.Context, state *lib.State, faults *faults, to *target) (*conn, error) {
	raw, err := state.Dialer.DialContext(ctx, "tcp", to.addr)
	if err != nil {
		return nil, err
	}
	secure, err := handshake(ctx, state, raw, to, "h2")
	if err != nil {
		return nil, err
	}
	if secure.ConnectionState().NegotiatedProtocol != "h2" {
		_ = secure.Close()
		return nil, errors.New("the server does not speak HTTP/2")
	}
	client, err := theTransport.NewClientConn(secure)
	if err != nil {
		_ = secure.Close()
		return nil, err
	}
	s := &session{
		Conn: secure, client: client, wire: &wire{}, woken: make(chan struct{}, 1), gone: make(chan struct{}),
		parts: make(chan part), faults: faults,
	}
	s.timer = time.AfterFunc(24*time.Hour, s.wake)
	return &conn{wire: s.wire, rw: s, h2: s, key: to.key, buf: make([]byte, readSize)}, nil
}

// session is a connection over HTTP/2. To the exchange it looks like one over HTTP/1.1 whose answer lasts until the
// connection's end: it writes a request, and reads the body, or with fetch() the head.
type session struct {
	net.Conn // TLS
	client   *http2.ClientConn
	faults   *faults
	wire     *wire // for the stamps only

	due   atomic.Int64 // the deadline, on the clock's scale
	timer *time.Timer
	woken chan struct{} // a token: look at the deadline
	gone  chan struct{} // closed with the connection
	once  sync.Once

	parts    chan part // of the answer
	buffers  [2][readSize]byte
	wrote    int64 // when the request had been written
	next     *part // came before it was
	response *http.Response
	rest     []byte // of the last part
	err      error  // how the answer ended
}

// part is what an answer brings: the head, a piece of the body, or the end.
type part struct {
	at       int64
	response *http.Response
	data     []byte
	err      error
}

// Write sends a request, given as the bytes that HTTP/1.1 has for it, so that both say the same.
func (s *session) Write(out []byte) (int, error) {
	s.next, s.response, s.rest, s.err = nil, nil, nil, nil
	wrote := make(chan int64, 1)
	req, err := translate(out, wrote)
	if err != nil {
		s.wrote = clock.Now()
		return 0, err
	}
	go s.perform(req)
	for {
		select {
		case s.wrote = <-wrote:
			return len(out), nil
		case p := <-s.parts: // the answer overtook it, or there is none
			s.next, s.wrote = &p, p.at
			return len(out), nil
		case <-s.woken:
			if s.wrote = clock.Now(); s.wrote >= s.due.Load() {
				return 0, os.ErrDeadlineExceeded
			}
		}
	}
}

func translate(out []byte, wrote chan<- int64) (*http.Request, error) {
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(out)))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(req.Body) // a copy: the answer may come before all of it has been written
	if err != nil {
		return nil, err
	}
	req.Body = http.NoBody
	if len(body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	req.RequestURI, req.URL.Scheme, req.URL.Host = "", "https", req.Host
	for _, name := range []string{"Connection", "Upgrade"} { // HTTP/2 has none
		req.Header.Del(name)
	}
	if req.Header["User-Agent"] == nil {
		req.Header["User-Agent"] = []string{""} // or the library names itself
	}
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) {
		if info.Err == nil {
			wrote <- clock.Now()
		}
	}}
	return req.WithContext(httptrace.WithClientTrace(context.Background(), trace)), nil
}

// perform hands over the answer part by part, each with the time at which it was read. It ends with the answer or the
// connection.
func (s *session) perform(req *http.Request) {
	defer s.faults.guard("speaking HTTP/2", func(sentence string) { s.hand(part{at: clock.Now(), err: failed("malformed", "%s", sentence)}) })
	res, err := s.client.RoundTrip(req)
	if !s.hand(part{at: clock.Now(), response: res, err: err}) || err != nil {
		return
	}
	for i := 0; err == nil; i++ {
		var n int
		buf := s.buffers[i%2][:] // the other one is being used
		n, err = res.Body.Read(buf)
		if at := clock.Now(); !s.hand(part{at: at, data: buf[:n], err: err}) {
			break
		}
	}
	_ = res.Body.Close()
}

func (s *session) hand(p part) bool {
	select {
	case s.parts <- p:
		return true
	case <-s.gone:
		return false
	}
}

// Read brings a piece of the body. The head brings no bytes and no error.
func (s *session) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		next, err := s.await()
		if err != nil {
			return 0, err
		}
		s.wire.stamp = max(s.wire.stamp, next.at)
		if next.err != nil {
			s.err = s.ended(next.err)
		}
		if next.response != nil {
			s.response = next.response
			return 0, nil
		}
		if s.rest = next.data; len(s.rest) > 0 {
			s.wire.reads++
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *session) await() (p part, err error) {
	if s.next != nil {
		p, s.next = *s.next, nil
		return p, nil
	}
	for {
		if clock.Now() >= s.due.Load() {
			return p, os.ErrDeadlineExceeded
		}
		select {
		case p = <-s.parts:
			return p, nil
		case <-s.woken:
		case <-s.gone:
			return p, net.ErrClosed
		}
	}
}

// ended tells what the library's error means. What is left as it is lets a kept connection be replaced.
func (s *session) ended(err error) error {
	var stream http2.StreamError
	var connection http2.ConnectionError
	isStream, sentence := errors.As(err, &stream), err.Error() // some of the library's errors have no type
	switch {
	case isStream && strings.Contains(sentence, "received from peer"):
		if stream.Code == http2.ErrCodeRefusedStream {
			return err
		}
		return failed("reset", "the stream was reset: %s", stream.Code)
	case s.response != nil:
		return err
	case strings.Contains(sentence, "header list larger"):
		return failed("malformed", "%s", errLarge)
	case isStream, errors.As(err, &connection), errors.Is(err, http2.ErrFrameTooLarge):
		return failed("malformed", "the answer is not HTTP/2: %s", sentence)
	}
	return err
}

// fetch waits for the head; `fill` reads once.
func (s *session) fetch(fill func() error) (*head, error) {
	for s.response == nil {
		if err := fill(); err != nil {
			return nil, err
		}
	}
	h := &head{protocol: s.response.Proto, status: s.response.StatusCode}
	for _, name := range slices.Sorted(maps.Keys(s.response.Header)) {
		for _, value := range s.response.Header[name] {
			h.headers = append(h.headers, header{name, value})
		}
	}
	return h, nil
}

func (s *session) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// SetDeadline holds for waiting, which can go on after it.
func (s *session) SetDeadline(t time.Time) error {
	s.due.Store(clock.Of(t))
	s.timer.Reset(time.Until(t))
	return nil
}

// Close closes the connection, and with it the stream.
func (s *session) Close() error {
	s.timer.Stop()
	s.once.Do(func() { close(s.gone) })
	return s.client.Close()
}
