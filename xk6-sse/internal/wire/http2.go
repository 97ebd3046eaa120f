package wire

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
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/fault"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// HTTP/2 is spoken only where HTTP/1.1 is refused, for it is measured less well: the library reads the connection in a
// goroutine of its own and joins what came in the meantime, so the kernel's stamps cannot be told apart and the read is
// the stamp.

// theTransport holds the settings; each connection is made, used and closed by us.
var theTransport = &http2.Transport{DisableCompression: true, MaxHeaderListSize: headLimit}

func (p *Pool) dialHTTP2(ctx context.Context, d Dialer, to *Target) (*Conn, error) {
	raw, err := d.Dial(ctx, to)
	if err != nil {
		return nil, err
	}
	below := raw.Conn
	if to.Via != nil {
		if below, err = to.Via.open(ctx, below, to, d.TLS); err != nil {
			return nil, err
		}
	}
	secure, err := handshake(ctx, d.TLS, below, to, "h2")
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
	s := &http2Conn{
		client: client, faults: p.faults, stamps: &Stamps{}, woken: make(chan struct{}, 1), gone: make(chan struct{}),
		parts: make(chan part),
	}
	s.timer = time.AfterFunc(24*time.Hour, s.look)
	return newConn(to, s.stamps, s), nil
}

// http2Conn is a connection over HTTP/2, for one stream at a time. Its body looks like one of HTTP/1.1 that lasts until
// the connection's end.
type http2Conn struct {
	client *http2.ClientConn
	faults *fault.Log
	stamps *Stamps

	due   atomic.Int64 // the deadline, on the clock's scale
	timer *time.Timer
	woken chan struct{} // a token: look at the deadline
	gone  chan struct{} // closed with the connection
	once  sync.Once

	parts    chan part // of the answer
	buffers  [2][ReadSize]byte
	next     *part // came before the request had been written
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

// Protocol names it.
func (s *http2Conn) Protocol() string { return "HTTP/2.0" }

// send translates the request from the bytes that HTTP/1.1 has for it, so that both say the same.
func (s *http2Conn) send(out []byte) (written int64, err error) {
	s.next, s.response, s.rest, s.err = nil, nil, nil, nil
	wrote := make(chan int64, 1)
	req, err := translate(out, wrote)
	if err != nil {
		return clock.Now(), err
	}
	go s.perform(req)
	for {
		select {
		case written = <-wrote:
			return written, nil
		case p := <-s.parts: // the answer overtook it, or there is none
			s.next = &p
			return p.at, nil
		case <-s.woken:
			if t := clock.Now(); t >= s.due.Load() {
				return t, os.ErrDeadlineExceeded
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
func (s *http2Conn) perform(req *http.Request) {
	defer s.faults.Guard("speaking HTTP/2", func(sentence string) {
		s.hand(part{at: clock.Now(), err: outcome.Failed(outcome.Malformed, "%s", sentence)})
	})
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

func (s *http2Conn) hand(p part) bool {
	select {
	case s.parts <- p:
		return true
	case <-s.gone:
		return false
	}
}

// Read brings a piece of the body. The head brings no bytes and no error.
func (s *http2Conn) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		next, err := s.await()
		if err != nil {
			return 0, err
		}
		s.stamps.At = max(s.stamps.At, next.at)
		if next.err != nil {
			s.err = s.ended(next.err)
		}
		if next.response != nil {
			s.response = next.response
			return 0, nil
		}
		if s.rest = next.data; len(s.rest) > 0 {
			s.stamps.Reads++
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *http2Conn) await() (p part, err error) {
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

// stray: the library reads the connection itself, and knows.
func (s *http2Conn) stray([]byte) (int, error) {
	if !s.client.CanTakeNewRequest() {
		return 0, io.EOF
	}
	return 0, ErrNothing
}

// Drive calls step, whose reads wait.
func (s *http2Conn) Drive(step func() bool) { (&plain{}).drive(step) }

// head waits until the library has the head.
func (s *http2Conn) head(_ *Conn, fill func() error) (*Head, error) {
	for s.response == nil {
		if err := fill(); err != nil {
			return nil, err
		}
	}
	if status := s.response.StatusCode; status < 100 || status > 999 { // the library takes any number
		return nil, outcome.Failed(outcome.Malformed, "the answer is not HTTP/2: its status is %d", status)
	}
	h := &Head{Protocol: s.response.Proto, Status: s.response.StatusCode}
	for _, name := range slices.Sorted(maps.Keys(s.response.Header)) {
		for _, value := range s.response.Header[name] {
			h.Headers = append(h.Headers, Header{name, value})
		}
	}
	return h, nil
}

// frame: the stream's end is the answer's.
func (s *http2Conn) frame(b *Body, _ *Head, _ string) (keep bool, err error) {
	b.left = untilTheEnd
	return true, nil
}

// look has who waits look at the deadline.
func (s *http2Conn) look() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// SetDeadline holds for waiting, which can go on after it.
func (s *http2Conn) SetDeadline(t time.Time) error {
	s.due.Store(clock.Of(t))
	s.timer.Reset(time.Until(t))
	return nil
}

// Close closes the connection, and with it the stream.
func (s *http2Conn) Close() error {
	s.timer.Stop()
	s.once.Do(func() { close(s.gone) })
	return s.client.Close()
}
