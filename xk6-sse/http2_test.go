package sse

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// newer is a server whose TLS refuses HTTP/1.1.
func newer(t testing.TB, serve http.HandlerFunc) *httptest.Server {
	srv := httptest.NewUnstartedServer(serve)
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.TLS = &tls.Config{}
	srv.TLS.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if slices.Contains(hello.SupportedProtos, "h2") {
			return nil, nil
		}
		c := srv.TLS.Clone()
		c.NextProtos = []string{"none"}
		return c, nil
	}
	srv.StartTLS()
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return srv
}

// frames is such a server that does with the frames what it likes, from the first request on.
func frames(t testing.TB, serve func(c net.Conn, f *http2.Framer, stream uint32)) string {
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	certificates := certificate.TLS.Certificates
	certificate.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates, NextProtos: []string{"h2"}})
	require.NoError(t, err)
	accept(t, l, func(c net.Conn) {
		if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		f := http2.NewFramer(c, c)
		_ = f.WriteSettings()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			if d, ok := frame.(*http2.DataFrame); ok && d.StreamEnded() {
				serve(c, f, d.StreamID)
				return
			}
		}
	})
	return "https://" + l.Addr().String()
}

func headers(f *http2.Framer, stream uint32, end bool, pairs ...string) {
	var block bytes.Buffer
	e := hpack.NewEncoder(&block)
	for i := 0; i < len(pairs); i += 2 {
		_ = e.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: end})
}

func begin(f *http2.Framer, stream uint32, text string) {
	headers(f, stream, false, ":status", "200", "content-type", "text/event-stream")
	_ = f.WriteData(stream, false, []byte(text))
}

// telling answers with a stream and does something else afterwards.
func telling(text string, after func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, text)
		w.(http.Flusher).Flush()
		after(w, r)
	}
}

func orderly(http.ResponseWriter, *http.Request)    {}
func abort(http.ResponseWriter, *http.Request)      { panic(http.ErrAbortHandler) }
func stall(_ http.ResponseWriter, r *http.Request)  { <-r.Context().Done() }
func silent(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); stall(w, r) }
func answering(status int, pairs ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
		w.WriteHeader(status)
		if len(pairs)%2 == 1 {
			_, _ = io.WriteString(w, pairs[len(pairs)-1])
		}
	}
}

func TestOutcomesOverHTTP2(t *testing.T) {
	const page, document = "text/html", "application/json"
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, token)
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	}
	u := newVU(t, New(), oneSecond)
	for _, m := range []struct {
		name    string
		serve   http.HandlerFunc
		more    string
		outcome string
		says    string
	}{
		{"nothing wrong", telling(good, orderly), `{}`, "ok", ""},
		{"nothing wrong, with trailers", telling(good, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(http.TrailerPrefix+"X-Trailer", "1") }), `{}`, "ok", ""},
		{"says early hints first", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(103); telling(good, orderly)(w, r) }, `{}`, "ok", ""},
		{"has no key", answering(401, "Content-Type", document, `{"error":{"message":"no key"}}`), `{}`, "http_4xx", "status 401: no key"},
		{"is over quota", answering(429, "slow down"), `{}`, "http_429", "429"},
		{"fails", answering(503, "Content-Type", page, "<h1>no"), `{}`, "http_5xx", "503"},
		{"fails and breaks off", func(w http.ResponseWriter, r *http.Request) {
			answering(500, "half")(w, r)
			w.(http.Flusher).Flush()
			abort(w, r)
		}, `{}`, "http_5xx", "500"},
		{"says nothing", silent, `{timeouts: {first: 50, idle: 5000, total: 5000}}`, "timeout_first", "50ms"},
		{"sends headers and no body", telling("", stall), `{timeouts: {first: 50, idle: 5000, total: 5000}}`, "timeout_first", "50ms"},
		{"stalls in the middle", telling(token, stall), `{timeouts: {first: 5000, idle: 50, total: 5000}}`, "timeout_idle", "50ms"},
		{"drips forever", telling("", drip), `{timeouts: {first: 5000, idle: 5000, total: 100}}`, "timeout_total", "100ms"},
		{"resets before the answer", abort, `{}`, "reset", "INTERNAL_ERROR"},
		{"resets the stream", telling(role+token, abort), `{}`, "reset", "INTERNAL_ERROR"},
		{"ends before the length", answering(200, "Content-Type", "text/event-stream", "Content-Length", "9999", good), `{}`, "reset", "closed"},
		{"reports an error in the stream", telling(role+`data: {"error":{"message":"provider down"}}`+"\n\n"+doneEnd, orderly), `{}`, "stream_error", "provider down"},
		{"writes no JSON", telling(token+"data: oops\n\n"+finished, orderly), `{}`, "malformed", "oops"},
		{"answers with a page", answering(200, "Content-Type", page, "<html>"), `{}`, "malformed", page},
		{"has endless headers", answering(200, "X", strings.Repeat("x", 40<<10), "Y", strings.Repeat("y", 40<<10)), `{}`, "malformed", "64 KiB"},
		{"redirects", answering(302, "Location", "https://login.example/x?key=s3cret"), `{}`, "malformed", "login.example"},
		{"says nothing but done", telling(doneEnd, orderly), `{}`, "empty", "no content"},
		{"has an empty body", answering(200, "Content-Type", "text/event-stream"), `{}`, "empty", ""},
		{"has no content at all", answering(204), `{}`, "empty", ""},
		{"gives no finish reason", telling(role+token+doneEnd, orderly), `{}`, "truncated", "finish"},
		{"is cancelled after two events", telling(role+token+token+token, stall), `{cancelAfter: {events: 2}}`, "cancelled", "2"},
		{"is cancelled after a while", telling(token, stall), `{cancelAfter: {ms: 50}}`, "cancelled", "50ms"},
		{"is cancelled before it says anything", silent, `{cancelAfter: {ms: 50}}`, "cancelled", "50ms"},
		{"gives a document", answering(200, "Content-Type", document, `{"usage":{"prompt_tokens":3}}`), `{expect: 'json'}`, "ok", ""},
		{"gives a broken document", answering(200, "Content-Type", document, `{"usage":`), `{expect: 'json'}`, "malformed", "JSON"},
		{"says it is gzip and is not", answering(200, "Content-Type", "text/event-stream", "Content-Encoding", "gzip", good), `{}`, "malformed", "gzip"},
	} {
		t.Run(m.name, func(t *testing.T) {
			r := u.stream(newer(t, m.serve).URL, m.more)
			assert.Equal(t, m.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, m.says)
			assert.NotContains(t, r.Error, "s3cret")
			if strings.Contains(m.says, "50ms") {
				assert.Less(t, r.End, 4000.0)
			}
			if r.Status != 0 {
				assert.Equal(t, "HTTP/2.0", r.Protocol)
			}
		})
	}
}

func TestFramesOfHTTP2(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	for _, m := range []struct {
		name    string
		serve   func(net.Conn, *http2.Framer, uint32)
		outcome string
		says    string
	}{
		{"goes away in the stream", func(_ net.Conn, f *http2.Framer, stream uint32) {
			begin(f, stream, token)
			_ = f.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, nil)
		}, "reset", "GOAWAY"},
		{"goes away after the stream", func(_ net.Conn, f *http2.Framer, stream uint32) {
			begin(f, stream, role+token)
			_ = f.WriteGoAway(stream, http2.ErrCodeNo, nil)
			_ = f.WriteData(stream, true, []byte(finished+doneEnd))
		}, "ok", ""},
		{"closes in the stream", func(_ net.Conn, f *http2.Framer, stream uint32) { begin(f, stream, token) }, "reset", "closed"},
		{"closes before the answer", func(net.Conn, *http2.Framer, uint32) {}, "reset", "closed"},
		{"refuses the stream", func(_ net.Conn, f *http2.Framer, stream uint32) {
			_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		}, "reset", "REFUSED_STREAM"},
		{"resets after the end", func(_ net.Conn, f *http2.Framer, stream uint32) {
			begin(f, stream, good)
			_ = f.WriteData(stream, true, nil)
			_ = f.WriteRSTStream(stream, http2.ErrCodeNo)
		}, "ok", ""},
		{"has no status", func(_ net.Conn, f *http2.Framer, stream uint32) { headers(f, stream, true, "content-type", "x") }, "malformed", "HTTP/2"},
		{"does not speak HTTP/2", func(c net.Conn, _ *http2.Framer, _ uint32) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		}, "malformed", "HTTP/2"},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Setenv("K6_SSE_HTTP2", "1")
			r := u.stream(frames(t, func(c net.Conn, f *http2.Framer, stream uint32) {
				m.serve(c, f, stream)
				_ = c.(*tls.Conn).CloseWrite()
				_, _ = io.Copy(io.Discard, c)
			}), `{}`)
			assert.Equal(t, m.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, m.says)
		})
	}
}

func TestHTTP2IsSpokenWhereHTTP1IsRefused(t *testing.T) {
	steps := make(chan struct{})
	srv := newer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Add("X-Said", r.Host+" "+strings.ReplaceAll(r.Header.Get("Authorization"), "bWU6cHc=", "as given")+" "+r.URL.RequestURI())
		w.Header().Add("X-Said", itoa(len(body))+" ("+r.Header.Get("User-Agent")+")")
		for _, text := range []string{role, token, token + token, finished + usageEnd + doneEnd} {
			_, _ = io.WriteString(w, text)
			w.(http.Flusher).Flush()
			<-steps
		}
	})
	root := New()
	u := newVU(t, root, oneSecond)
	go func() {
		for {
			select {
			case steps <- struct{}{}:
				time.Sleep(20 * time.Millisecond) // so that the pieces are read apart
			case <-t.Context().Done():
				return
			}
		}
	}()
	// over the first windows of the stream and of the connection
	large := `'` + strings.Repeat("0123456789", 200_000) + `'`
	for i := range 3 {
		r := u.stream(strings.Replace(srv.URL, "https://", "https://me:pw@", 1)+"/v1/x?y=1", `{headers: {Host: 'gateway'}, body: `+large+`}`)
		require.Equal(t, "ok", r.Outcome, r.Error)
		assert.Equal(t, "HTTP/2.0", r.Protocol)
		assert.Equal(t, 200, r.Status)
		assert.Equal(t, "gateway Basic as given /v1/x?y=1, 2000000 ()", r.Headers["x-said"])
		assert.Equal(t, "hi hi hi ", r.Text)
		assert.Equal(t, i > 0, r.Reused)
		assert.Equal(t, []int{6 + 1, 3, 2}, []int{r.Events, r.ContentEvents, r.Reads}, "two events came in one read")
		assert.Equal(t, r.Offsets[1], r.Offsets[2])
		assert.IsNonDecreasing(t, []float64{0, r.TTFB, r.FirstChunk, r.TTFT, r.Offsets[1], r.E2E, r.End})
		assert.Greater(t, r.Offsets[1], r.Offsets[0])
		assert.True(t, r.Done)
	}
	s := u.snapshot().Instrument
	if root.conns.Machinery().Clock == "kernel" {
		assert.Equal(t, wire.ReadClockView{HTTP2: 3}, s.ReadClock)
	}
	assert.Zero(t, s.ReadDelay.Count)
}

func TestHTTP1IsSpokenWhereBothAre(t *testing.T) {
	srv := httptest.NewUnstartedServer(telling(good, orderly))
	srv.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	srv.StartTLS()
	defer srv.Close()
	u := newVU(t, New(), oneSecond)
	r := u.stream(srv.URL, `{}`)
	assert.Equal(t, []string{"ok", "HTTP/1.1"}, []string{r.Outcome, r.Protocol}, r.Error)
	assert.Zero(t, u.snapshot().Instrument.ReadClock)
}

func TestHTTP2CanBeForced(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	both := httptest.NewUnstartedServer(telling(good, orderly))
	both.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	both.EnableHTTP2 = true
	both.StartTLS()
	defer both.Close()
	old := httptest.NewUnstartedServer(telling(good, orderly))
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.StartTLS()
	defer old.Close()
	u := newVU(t, New(), oneSecond)
	r := u.stream(both.URL, `{}`)
	assert.Equal(t, []string{"ok", "HTTP/2.0"}, []string{r.Outcome, r.Protocol}, r.Error)
	assert.Equal(t, "connect", u.stream(old.URL, `{}`).Outcome)
	assert.Equal(t, "HTTP/1.1", u.stream(server(t, saying(sseHead+good)), `{}`).Protocol, "without TLS there is no choice")
}

func TestGzipOverHTTP2(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	r := u.stream(newer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, good)
		_ = z.Close()
	}).URL, `{}`)
	assert.Equal(t, []string{"ok", "hi hi "}, []string{r.Outcome, r.Text}, r.Error)
	if u.v.root.conns.Machinery().Clock == "kernel" {
		assert.Equal(t, wire.ReadClockView{HTTP2: 1}, u.snapshot().Instrument.ReadClock)
	}
}

func TestStaleHTTP2ConnectionIsReplaced(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	gone := make(chan struct{}, 10)
	url := frames(t, func(c net.Conn, f *http2.Framer, stream uint32) { // serves one request, then goes
		begin(f, stream, good)
		_ = f.WriteData(stream, true, nil)
		_ = f.WriteGoAway(stream, http2.ErrCodeNo, nil)
		_ = c.(*tls.Conn).CloseWrite()
		_, _ = io.Copy(io.Discard, c) // closing with something unread would be a reset
		gone <- struct{}{}
	})
	u := newVU(t, New(), oneSecond)
	for range 3 {
		r := u.stream(url, `{}`)
		assert.Equal(t, "ok", r.Outcome, r.Error)
		assert.False(t, r.Reused)
		<-gone
	}
	assert.EqualValues(t, 3, u.snapshot().Started)
}

func TestNothingIsLeftOfHTTP2(t *testing.T) {
	happy, stalling, mute := newer(t, telling(good, orderly)), newer(t, telling(token, stall)), newer(t, silent)
	root := New()
	newVU(t, root, oneSecond).v.enter() // what is begun once for all
	goroutines, open := runtime.NumGoroutine(), testkit.Descriptors(t)
	const forever = `timeouts: {first: 0, idle: 0, total: 0}`
	for _, blocking := range []*httptest.Server{stalling, mute} {
		var users []*testVU
		for range 4 {
			users = append(users, newVU(t, root, oneSecond))
		}
		var wg sync.WaitGroup
		for _, u := range users {
			wg.Go(func() {
				for range 3 {
					assert.Equal(t, "ok", u.stream(happy.URL, `{}`).Outcome)
				}
				assert.Equal(t, "cancelled", u.stream(stalling.URL, `{cancelAfter: {events: 1}}`).Outcome)
				timer := time.AfterFunc(50*time.Millisecond, u.cancel)
				defer timer.Stop()
				began := time.Now()
				assert.Equal(t, "interrupted", u.stream(blocking.URL, `{`+forever+`}`).Outcome)
				assert.Less(t, time.Since(began), soon)
			})
		}
		wg.Wait()
		testkit.NoMoreThan(t, goroutines, open)
	}
}
