package sse

import (
	"bytes"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
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

func h2Listener(t testing.TB) net.Listener {
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	certificates := certificate.TLS.Certificates
	certificate.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates, NextProtos: []string{"h2"}})
	require.NoError(t, err)
	return l
}

// frames is such a server that does with the frames what it likes, from the first request on.
func frames(t testing.TB, serve func(c net.Conn, f *http2.Framer, stream uint32)) string {
	l := h2Listener(t)
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
