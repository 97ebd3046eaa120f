package sse

import (
	"bytes"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// Frames of HTTP/2 without end, and those that leave a request nowhere to go: each ends in an outcome within its
// time-outs, and nothing of it stays.
func TestFloodsOfHTTP2EndInAnOutcome(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	for _, c := range []struct {
		story   string
		serve   func(c net.Conn, f *http2.Framer, stream uint32)
		outcome []string
	}{
		{"goes away without an error, below the stream, in mid-answer", func(_ net.Conn, f *http2.Framer, s uint32) {
			begin(f, s, token)
			_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
		}, []string{"reset"}},
		{"goes away twice and finishes the stream", func(_ net.Conn, f *http2.Framer, s uint32) {
			_ = f.WriteGoAway(1<<31-1, http2.ErrCodeNo, nil)
			begin(f, s, token)
			_ = f.WriteGoAway(s, http2.ErrCodeNo, nil)
			_ = f.WriteData(s, true, []byte(finished+doneEnd))
		}, []string{"ok"}},
		{"resets the stream without an error before the answer", func(_ net.Conn, f *http2.Framer, s uint32) {
			_ = f.WriteRSTStream(s, http2.ErrCodeNo)
		}, []string{"reset"}},
		{"settles for ever", func(_ net.Conn, f *http2.Framer, s uint32) {
			begin(f, s, token)
			for f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 20}) == nil {
			}
		}, []string{"timeout_idle", "reset"}},
		{"pings for ever", func(_ net.Conn, f *http2.Framer, s uint32) {
			begin(f, s, token)
			for f.WritePing(false, [8]byte{1}) == nil {
			}
		}, []string{"timeout_idle", "reset"}},
		{"sends empty data for ever", func(_ net.Conn, f *http2.Framer, s uint32) {
			begin(f, s, token)
			for f.WriteData(s, false, nil) == nil {
			}
		}, []string{"timeout_idle", "reset", "malformed"}},
		{"opens its window too far", func(_ net.Conn, f *http2.Framer, s uint32) {
			begin(f, s, token)
			_ = f.WriteWindowUpdate(s, 1<<31-1)
			_ = f.WriteWindowUpdate(s, 1<<31-1)
		}, []string{"reset"}},
		{"answers early for ever", func(_ net.Conn, f *http2.Framer, s uint32) {
			for range 1000 {
				headers(f, s, false, ":status", "103", "link", "x")
			}
		}, []string{"malformed", "reset", "timeout_first"}},
		{"continues its headers for ever", func(c net.Conn, f *http2.Framer, s uint32) {
			var block bytes.Buffer
			_ = hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: s, BlockFragment: block.Bytes()})
			var more bytes.Buffer
			_ = hpack.NewEncoder(&more).WriteField(hpack.HeaderField{Name: "x", Value: strings.Repeat("y", 8000)})
			for f.WriteContinuation(s, false, more.Bytes()) == nil {
			}
		}, []string{"malformed", "reset"}},
		{"has headers of 1 MB", func(_ net.Conn, f *http2.Framer, s uint32) {
			var block bytes.Buffer
			e := hpack.NewEncoder(&block)
			_ = e.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			for range 128 {
				_ = e.WriteField(hpack.HeaderField{Name: "x", Value: strings.Repeat("y", 8000), Sensitive: true})
			}
			rest := block.Bytes()
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: s, BlockFragment: rest[:16000]})
			for rest = rest[16000:]; len(rest) > 16000; rest = rest[16000:] {
				_ = f.WriteContinuation(s, false, rest[:16000])
			}
			_ = f.WriteContinuation(s, true, rest)
		}, []string{"malformed", "reset"}},
		{"has trailers of 1 MB", func(_ net.Conn, f *http2.Framer, s uint32) {
			begin(f, s, good)
			pairs := []string{}
			for range 128 {
				pairs = append(pairs, "x", strings.Repeat("y", 100))
			}
			headers(f, s, true, pairs...)
		}, []string{"ok"}},
		{"says nothing with a head that ends the stream twice", func(_ net.Conn, f *http2.Framer, s uint32) {
			headers(f, s, true, ":status", "200", "content-type", "text/event-stream")
			_ = f.WriteData(s, true, []byte(good))
		}, []string{"empty"}},
		{"has a status that is none", func(_ net.Conn, f *http2.Framer, s uint32) {
			headers(f, s, true, ":status", "abc")
		}, []string{"malformed"}},
		{"has a status of zeros", func(_ net.Conn, f *http2.Framer, s uint32) {
			headers(f, s, true, ":status", "000")
		}, []string{"malformed"}},
		{"has a negative status", func(_ net.Conn, f *http2.Framer, s uint32) {
			headers(f, s, true, ":status", "-20")
		}, []string{"malformed"}},
		{"has a status of four digits", func(_ net.Conn, f *http2.Framer, s uint32) {
			headers(f, s, true, ":status", "2000")
		}, []string{"malformed"}},
		{"has a negative length", func(_ net.Conn, f *http2.Framer, s uint32) {
			headers(f, s, false, ":status", "200", "content-type", "text/event-stream", "content-length", "-5")
			_ = f.WriteData(s, true, []byte(good))
		}, []string{"ok", "malformed"}},
	} {
		t.Run(c.story, func(t *testing.T) {
			u := newVU(t, New(), oneSecond)
			r := u.stream(frames(t, func(conn net.Conn, f *http2.Framer, stream uint32) {
				go func() { _, _ = io.Copy(io.Discard, conn) }()
				c.serve(conn, f, stream)
				untilGone(conn)
			}), `{timeouts: {first: 2000, idle: 300, total: 5000}}`)
			assert.Contains(t, c.outcome, r.Outcome, r.Error)
			if r.Outcome != "ok" {
				assert.NotEmpty(t, r.Error)
			}
			balanced(t, u.snapshot())
		})
	}
}

// A target that takes no byte of a body: no user waits for ever, and nothing stays behind.
func TestAWindowOfNothingOverHTTP2IsATimeOut(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	u := newVU(t, New(), oneSecond)
	goroutines := runtime.NumGoroutine()
	l := h2Listener(t)
	accept(t, l, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, len(http2.ClientPreface)))
		f := http2.NewFramer(c, c)
		_ = f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
		untilGone(c)
	})
	r := u.stream("https://"+l.Addr().String(), `{timeouts: {first: 300, idle: 300, total: 5000}}`)
	assert.Equal(t, "timeout_first", r.Outcome, r.Error)
	balanced(t, u.snapshot())
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines+2 }, testkit.Soon, time.Millisecond) // the listener's
}
