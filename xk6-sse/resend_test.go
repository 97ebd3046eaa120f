//go:build unix

package sse

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"
	"golang.org/x/net/http2"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// A target read a POST on a reused connection and reset it. 53 requests reached it, 26 were reset, and the record said 27
// started, 27 ok: what it broke had silently been sent again, and billed again.
func TestARequestThatTheTargetReadIsNeverSentAgain(t *testing.T) {
	fin := func(net.Conn) {}
	for story, c := range map[string]struct {
		pause time.Duration
		end   func(net.Conn)
	}{
		"reset at once":            {0, reset},
		"reset a while later":      {300 * time.Millisecond, reset},
		"closed at once":           {0, fin},
		"closed a while later":     {300 * time.Millisecond, fin},
		"reset within the answer":  {0, func(c net.Conn) { _, _ = io.WriteString(c, sseHead[:20]); reset(c) }},
		"closed within the answer": {0, func(c net.Conn) { _, _ = io.WriteString(c, sseHead[:20]) }},
	} {
		t.Run(story, func(t *testing.T) {
			t.Parallel()
			var reached, broken atomic.Int64
			url := server(t, func(conn net.Conn) { // answers the first, reads the second and breaks the connection
				r := bufio.NewReader(conn)
				for n := 0; request(r); n++ {
					reached.Add(1)
					if n == 1 {
						broken.Add(1)
						time.Sleep(c.pause)
						c.end(conn)
						return
					}
					_, _ = io.WriteString(conn, sized("200 OK", "text/event-stream", good))
				}
			})
			u := newVU(t, New(), oneSecond)
			got := map[string]int64{}
			for range 9 {
				r := u.stream(url, `{}`)
				got[r.Outcome]++
				if r.Outcome == "reset" {
					assert.GreaterOrEqual(t, r.End, float64(c.pause.Milliseconds()), "what its user waited counts")
					assert.Empty(t, r.Remarks)
				}
			}
			assert.EqualValues(t, 9, reached.Load(), "each request reached it once")
			assert.Equal(t, map[string]int64{"ok": 9 - broken.Load(), "reset": broken.Load()}, got)
			assert.Positive(t, broken.Load())
		})
	}
}

// What is closed or spoken to while it idles is found before the request is sent: nothing is sent twice.
func TestAnIdleConnectionIsLookedAtBeforeItIsUsed(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
	for story, c := range map[string]struct {
		idle   func(net.Conn) // after each answer
		remark string
	}{
		"FIN":                         {func(c net.Conn) { _ = c.Close() }, ""},
		"reset":                       {func(c net.Conn) { reset(below(c)); _ = below(c).Close() }, ""},
		"a proxy's 408, and FIN":      {saysIdly("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false), "408 Request Timeout"},
		"a proxy's 408, kept open":    {saysIdly("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", true), "408 Request Timeout"},
		"the answer to nobody":        {saysIdly(answer+itoa(len(good))+"\r\n\r\n"+good, true), "200 OK"},
		"a line end":                  {saysIdly("\r\n", true), `\r\n`},
		"what moves a terminal":       {saysIdly("\x1b[2J", true), `"\x1b[2J"`},
		"bytes of no protocol at all": {saysIdly(strings.Repeat("\x00", 300), true), `\x00`},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(story+map[bool]string{true: ", TLS"}[secure], func(t *testing.T) {
				t.Parallel()
				var reached atomic.Int64
				idling := make(chan struct{}, 20)
				serve := func(conn net.Conn) {
					for r := bufio.NewReader(conn); request(r); {
						reached.Add(1)
						_, _ = io.WriteString(conn, sized("200 OK", "text/event-stream", good))
						time.Sleep(10 * time.Millisecond) // the answer is read by then
						c.idle(conn)
						idling <- struct{}{}
					}
				}
				url := server(t, serve)
				if secure {
					url = secureServer(t, serve)
				}
				u := newVU(t, New(), oneSecond)
				for range 4 {
					r := u.stream(url, `{}`)
					assert.Equal(t, "ok", r.Outcome, r.Error)
					assert.False(t, r.Reused)
					assert.Positive(t, r.TTFT)
					assert.Equal(t, "hi hi ", r.Text)
					<-idling
				}
				s := u.snapshot()
				assert.EqualValues(t, 4, s.Started)
				assert.EqualValues(t, 4, reached.Load())
				if c.remark == "" {
					assert.Empty(t, s.Remarks)
					return
				}
				require.Len(t, s.Remarks, 1)
				assert.Equal(t, ledger.RemarkStray, s.Remarks[0].Remark)
				assert.EqualValues(t, 3, s.Remarks[0].Count)
				assert.Contains(t, s.Remarks[0].Example, c.remark)
				assert.NotContains(t, s.Remarks[0].Example, "\x1b")
			})
		}
	}
}

// below is the TCP connection under TLS, or itself.
func below(c net.Conn) net.Conn {
	if secure, is := c.(*tls.Conn); is {
		return secure.NetConn()
	}
	return c
}

func saysIdly(text string, stays bool) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		if !stays {
			_ = c.Close()
		}
	}
}

func secureServer(t testing.TB, serve func(net.Conn)) string {
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	certificates := certificate.TLS.Certificates
	certificate.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates})
	require.NoError(t, err)
	accept(t, l, serve)
	return "https://" + l.Addr().String()
}

// Session tickets lie on a TLS connection beside the answers, and are in order: it is kept.
func TestTicketsOfTLSDoNotCostTheConnection(t *testing.T) {
	var connections atomic.Int64
	url := secureServer(t, keeping(&connections, sized("200 OK", "text/event-stream", good)))
	u := newVU(t, New(), oneSecond)
	for i := range 5 {
		assert.Equal(t, i > 0, u.stream(url, `{}`).Reused)
	}
	assert.EqualValues(t, 1, connections.Load())
}

// An answer that was there before anything had been asked is none: it gave a TTFT of 0 ms, ok, PASS.
func TestATargetThatSpeaksBeforeItIsAskedHasNotAnswered(t *testing.T) {
	url := server(t, func(c net.Conn) {
		_, _ = io.WriteString(c, sseHead+good)
		untilGone(c)
	})
	u := newVU(t, New(), oneSecond)
	u.state.Dialer = lateDialer{u.state.Dialer}
	r := u.stream(url, `{}`)
	assert.Equal(t, "malformed", r.Outcome, r.Error)
	assert.Contains(t, r.Error, "before a request was sent")
	assert.Negative(t, r.TTFT)
}

// lateDialer gives what it has dialled only when something has had time to come.
type lateDialer struct{ lib.DialContexter }

func (d lateDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := d.DialContexter.DialContext(ctx, network, addr)
	time.Sleep(50 * time.Millisecond)
	return c, err
}

// An idle time that has gone by is no deadline of the next request.
func TestAConnectionThatIdledLongerThanATimeOutIsStillGood(t *testing.T) {
	var connections atomic.Int64
	url := server(t, keeping(&connections, sized("200 OK", "text/event-stream", good)))
	u := newVU(t, New(), oneSecond)
	const short = `{timeouts: {first: 30, idle: 30, total: 30}}`
	assert.Equal(t, "ok", u.stream(url, short).Outcome)
	time.Sleep(60 * time.Millisecond) // longer than the time-outs
	r := u.stream(url, `{}`)
	assert.Equal(t, "ok", r.Outcome, r.Error)
	assert.True(t, r.Reused)
}

// HTTP/2 says what it has not looked at: GOAWAY with an earlier stream, REFUSED_STREAM. That goes out again, its times
// count from the first sending, and it is told. All else may have been read.
func TestResendsOverHTTP2(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	for _, c := range []struct {
		story   string
		second  func(c net.Conn, f *http2.Framer, stream uint32)
		outcome string
		reached int64
	}{
		{"refuses the stream", func(_ net.Conn, f *http2.Framer, stream uint32) {
			_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		}, "ok", 3},
		{"goes away, this one unread", func(_ net.Conn, f *http2.Framer, stream uint32) {
			_ = f.WriteGoAway(stream-2, http2.ErrCodeNo, nil)
		}, "ok", 3},
		{"goes away, this one read", func(c net.Conn, f *http2.Framer, stream uint32) {
			_ = f.WriteGoAway(stream, http2.ErrCodeNo, nil)
			_ = c.Close()
		}, "reset", 2},
		{"resets the stream", func(_ net.Conn, f *http2.Framer, stream uint32) {
			_ = f.WriteRSTStream(stream, http2.ErrCodeInternal)
		}, "reset", 2},
		{"closes", func(c net.Conn, _ *http2.Framer, _ uint32) { _ = c.Close() }, "reset", 2},
		{"resets the connection", func(c net.Conn, _ *http2.Framer, _ uint32) { reset(below(c)); _ = below(c).Close() }, "reset", 2},
	} {
		t.Run(c.story, func(t *testing.T) {
			var reached atomic.Int64
			url := manyFrames(t, func(conn net.Conn, f *http2.Framer, stream uint32) {
				if reached.Add(1) == 2 {
					time.Sleep(20 * time.Millisecond)
					c.second(conn, f, stream)
					return
				}
				begin(f, stream, good)
				_ = f.WriteData(stream, true, nil)
			})
			u := newVU(t, New(), oneSecond)
			require.Equal(t, "ok", u.stream(url, `{}`).Outcome)
			r := u.stream(url, `{}`)
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Equal(t, c.reached, reached.Load())
			if c.outcome == "reset" {
				assert.Empty(t, r.Remarks)
				return
			}
			assert.Equal(t, []string{ledger.RemarkResent}, r.Remarks)
			assert.GreaterOrEqual(t, r.TTFT, 20.0, "from the first sending")
			assert.False(t, r.Reused)
			assert.Positive(t, r.Connect)
			assert.EqualValues(t, 1, u.snapshot().Remarks[0].Count)
			assert.EqualValues(t, 2, u.snapshot().Started)
		})
	}
}

// manyFrames is a server over HTTP/2 that does with each request what it likes.
func manyFrames(t testing.TB, serve func(c net.Conn, f *http2.Framer, stream uint32)) string {
	return frames(t, func(c net.Conn, f *http2.Framer, stream uint32) {
		for {
			serve(c, f, stream)
			for {
				frame, err := f.ReadFrame()
				if err != nil {
					return
				}
				if d, ok := frame.(*http2.DataFrame); ok && d.StreamEnded() {
					stream = d.StreamID
					break
				}
			}
		}
	})
}
