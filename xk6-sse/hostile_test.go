package sse

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// A 12 MB text within 900 arrays was parsed once for each of them: seconds of CPU in the goroutine that reads for all.
func TestALargeEventCostsNoMoreForHowDeepItIsNested(t *testing.T) {
	u := ofTheField(t)
	large := `"` + strings.Repeat("x", 6<<20) + `"`
	within := func(open, text, end string, times int) string {
		return strings.Repeat(open, times) + text + strings.Repeat(end, times)
	}
	blanks := "[" + strings.Repeat(`"",`, 1<<20) + `""]`
	took := func(t *testing.T, event string) time.Duration {
		url := server(t, saying(sseHead+event+hi+stop))
		began := time.Now()
		r := u.field(url, "field")
		require.Contains(t, []string{"ok", "stream_error"}, r.Outcome, r.Error)
		return time.Since(began)
	}
	for story, event := range map[string]func(times int) string{
		"content":    func(n int) string { return delta(`"content":` + within("[", large, "]", n)) },
		"parts":      func(n int) string { return delta(`"content":` + within(`[{"content":`, large, "}]", n/2)) },
		"reasoning":  func(n int) string { return delta(`"reasoning_details":` + within("[", large, "]", n)) },
		"tool calls": func(n int) string { return delta(`"tool_calls":` + within("[", large, "]", n)) },
		"audio":      func(n int) string { return delta(`"audio":{"data":` + within("[", large, "]", n) + `}`) },
		"an error":   func(n int) string { return `data: {"error":` + within("[", large, "]", n) + "}\n\n" },
		"no error":   func(n int) string { return `data: {"error":` + within("[", blanks, "]", n) + "}\n\n" },
		"finish": func(n int) string {
			return `data: {"choices":[{"finish_reason":` + within("[", large, "]", n) + "}]}\n\n"
		},
		"usage":       func(n int) string { return usageEvent(`"prompt_tokens":` + within("[", large, "]", n)) },
		"of no list":  func(n int) string { return `data: {"x":` + within("[", large, "]", n) + "}\n\n" },
		"error event": func(n int) string { return "event: error\ndata: {\"error\":" + within("[", large, "]", n) + "}\n\n" },
	} {
		t.Run(story, func(t *testing.T) {
			flat := max(took(t, event(2)), 20*time.Millisecond)
			assert.Less(t, took(t, event(900)), 20*flat)
		})
	}
}

// What is nested deeper than output is, is none; an error however deep is one.
func TestOutputIsLookedForAsDeepAsItCanStand(t *testing.T) {
	u := ofTheField(t)
	deep := func(n int, inner string) string { return strings.Repeat("[", n) + inner + strings.Repeat("]", n) }
	for _, c := range []struct {
		story   string
		events  []string
		outcome string
	}{
		{"parts in parts in parts", []string{delta(`"content":` + deep(6, `{"type":"text","text":"hi"}`)), stop}, "ok"},
		{"no output nests so deep", []string{delta(`"content":` + deep(50, `"hi"`)), stop}, "empty"},
		{"an error within arrays", []string{hi, `data: {"error":` + deep(50, `"gone"`) + "}\n\n", stop}, "stream_error"},
		{"empty arrays within arrays are no error", []string{hi, `data: {"error":` + deep(6, "") + "}\n\n", stop}, "ok"},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.played(eventsOf(c.events...))
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
		})
	}
}

// Framing that contradicts itself, or is of a kind that nobody asked for, is named; what is only unusual is read.
func TestFramingThatIsUnusualOrWrong(t *testing.T) {
	u := ofTheField(t)
	n := len(hi + stop)
	head := func(lines ...string) string {
		return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	inChunks := func(first, rest string) string {
		return head("Transfer-Encoding: chunked") + first + "\r\n" + hi + stop + "\r\n" + rest
	}
	size := fmt.Sprintf("%x", n)
	length := fmt.Sprintf("Content-Length: %d", n)
	for _, c := range []struct{ story, answer, outcome, says string }{
		{"the same length twice", head(length, length) + hi + stop, "ok", ""},
		{"the same length twice in one line", head(length+", "+itoa(n)) + hi + stop, "ok", ""},
		{"two lengths", head(length, "Content-Length: 5") + hi + stop, "malformed", "Content-Length"},
		{"a negative length", head("Content-Length: -5") + hi, "malformed", "Content-Length"},
		{"a length with a sign", head("Content-Length: +"+itoa(n)) + hi + stop, "malformed", "Content-Length"},
		{"a length beyond all numbers", head("Content-Length: 99999999999999999999") + hi, "malformed", "Content-Length"},
		{"a length and chunks", head("Content-Length: 5", "Transfer-Encoding: chunked") + size + "\r\n" + hi + stop + "\r\n0\r\n\r\n", "ok", ""},
		{"chunks in gzip", head("Transfer-Encoding: gzip, chunked") + size + "\r\n" + hi + stop + "\r\n0\r\n\r\n", "malformed", `"gzip, chunked"`},
		{"chunks in chunks", head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + size + "\r\n" + hi + stop + "\r\n0\r\n\r\n", "malformed", "transfer coding"},
		{"coding identity", head("Transfer-Encoding: identity", length) + hi + stop, "ok", ""},
		{"an error in a transfer coding that was not asked for", "HTTP/1.1 503 No\r\nTransfer-Encoding: br\r\n\r\nx", "http_5xx", "503"},
		{"a negative chunk", inChunks("-5", ""), "reset", "chunked"},
		{"a chunk with a sign", inChunks("+"+size, "0\r\n\r\n"), "reset", "chunked"},
		{"a chunk of 0x", inChunks("0x"+size, "0\r\n\r\n"), "reset", "chunked"},
		{"a chunk beyond all numbers", inChunks("ffffffffffffffffff", ""), "reset", "chunked"},
		{"a chunk without a size", inChunks("", ""), "reset", "chunked"},
		{"a chunk with zeros before its size", inChunks("00000000"+size, "0000\r\n\r\n"), "ok", ""},
		{"extensions and trailers", inChunks(size+`;a="b;c" ; d`, "0;x\r\nTrailer: 1\r\nOther: 2\r\n\r\n"), "ok", ""},
		{"an extension longer than any line", inChunks(size+";"+strings.Repeat("x", 9000), ""), "reset", "chunked"},
		{"a trailer longer than any line", inChunks(size, "0\r\nX: "+strings.Repeat("x", 9000)), "reset", "chunked"},
		{"204 with a body", "HTTP/1.1 204 No\r\nContent-Type: text/event-stream\r\n\r\n" + hi + stop, "empty", ""},
		{"304 with a body", "HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n" + hi + stop, "malformed", "304"},
		{"many answers before the final one", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 X\r\nX: y\r\n\r\n", 50) + sseHead + hi + stop, "ok", ""},
		{"an early answer that names a length", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n" + sseHead + hi + stop, "ok", ""},
		{"another protocol from here on", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + hi + stop, "malformed", "101"},
		{"a negative status", "HTTP/1.1 -20 OK\r\n\r\n", "malformed", "HTTP"},
		{"a status with a sign", "HTTP/1.1 +20 OK\r\n\r\n", "malformed", "HTTP"},
		{"a status below 100", "HTTP/1.1 000 OK\r\n\r\n", "malformed", "HTTP"},
		{"a status that nobody knows", "HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n", "http_5xx", "999"},
		{"HTTP/2's name in HTTP/1", "HTTP/2 200 OK\r\n\r\n" + hi + stop, "malformed", "HTTP"},
		{"a folded header", "HTTP/1.1 200 OK\r\nContent-Type:\r\n text/event-stream\r\n\r\n" + hi + stop, "ok", ""},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.field(server(t, saying(c.answer)), "field")
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, c.says)
		})
	}
}

// Numbers that are none, in each field of the usage: no figure, and a remark, and never a number that was not sent.
func TestNoFieldOfAUsageCanBringAWrongNumber(t *testing.T) {
	u := ofTheField(t)
	fields := map[string]func(recordView) float64{
		`{"prompt_tokens":%s}`:                                  func(r recordView) float64 { return float64(r.PromptTokens) },
		`{"completion_tokens":%s}`:                              func(r recordView) float64 { return float64(r.CompletionTokens) },
		`{"completion_tokens_details":{"reasoning_tokens":%s}}`: func(r recordView) float64 { return r.ReasoningTokens },
		`{"prompt_tokens_details":{"cached_tokens":%s}}`:        func(r recordView) float64 { return r.CachedTokens },
	}
	for _, number := range []string{
		"-1", "-0.5", "1e400", "-1e400", "1e10", "99999999999999999999999999", `"7"`, `"NaN"`, `"Infinity"`, "true", `{"a":1}`, "[7]",
	} {
		for field, of := range fields {
			r := u.played(eventsOf(hi, stop, `data: {"choices":[],"usage":`+fmt.Sprintf(field, number)+"}\n\n"))
			assert.Equal(t, "ok", r.Outcome, r.Error)
			assert.InDelta(t, -1, of(r), 0, "%s in %s", number, field)
			assert.Equal(t, []string{ledger.RemarkUsage}, r.Remarks, "%s in %s", number, field)
		}
	}
	for _, number := range []string{"NaN", "Infinity", "-Infinity", "0x10", "1_000", "+1", ".5", "1e"} {
		r := u.played(eventsOf(hi, stop, usageEvent(`"prompt_tokens":`+number)))
		assert.Equal(t, "malformed", r.Outcome, number)
		assert.Contains(t, r.Error, "not JSON")
	}
}

// Frames of HTTP/2 that a target or a proxy sends at the wrong moment.
func TestFramesOfHTTP2AtTheWrongMoment(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	zip := string(zipped([]byte(good), 1))
	bomb := string(zipped([]byte(strings.Repeat("x", 1<<20)), 40))
	for _, c := range []struct {
		story   string
		serve   func(f *http2.Framer, stream uint32)
		outcome string
		says    string
	}{
		{"refuses the stream of a new connection", func(f *http2.Framer, s uint32) { _ = f.WriteRSTStream(s, http2.ErrCodeRefusedStream) }, "reset", "REFUSED_STREAM"},
		{"refuses the stream when it has begun to answer", func(f *http2.Framer, s uint32) {
			begin(f, s, token)
			_ = f.WriteRSTStream(s, http2.ErrCodeRefusedStream)
		}, "reset", "REFUSED_STREAM"},
		{"cancels the stream", func(f *http2.Framer, s uint32) { begin(f, s, token); _ = f.WriteRSTStream(s, http2.ErrCodeCancel) }, "reset", "CANCEL"},
		{"resets the stream without an error in mid-answer", func(f *http2.Framer, s uint32) {
			begin(f, s, token)
			_ = f.WriteRSTStream(s, http2.ErrCodeNo)
		}, "reset", "NO_ERROR"},
		{"answers early a hundred times", func(f *http2.Framer, s uint32) {
			for range 4 {
				headers(f, s, false, ":status", "103", "link", "x")
			}
			begin(f, s, good)
			_ = f.WriteData(s, true, nil)
		}, "ok", ""},
		{"pings and settles between the events", func(f *http2.Framer, s uint32) {
			begin(f, s, role+token)
			for i := range 50 {
				_ = f.WritePing(false, [8]byte{byte(i)})
				_ = f.WriteSettings()
				_ = f.WriteWindowUpdate(0, 1)
			}
			_ = f.WriteData(s, true, []byte(token+finished+doneEnd))
		}, "ok", ""},
		{"has trailers with a second status", func(f *http2.Framer, s uint32) {
			begin(f, s, good)
			headers(f, s, true, "grpc-status", "13", "x-error", "boom")
		}, "ok", ""},
		{"pads its data", func(f *http2.Framer, s uint32) {
			begin(f, s, role)
			_ = f.WriteDataPadded(s, true, []byte(token+finished+doneEnd), make([]byte, 200))
		}, "ok", ""},
		{"answers in gzip", func(f *http2.Framer, s uint32) {
			headers(f, s, false, ":status", "200", "content-type", "text/event-stream", "content-encoding", "gzip")
			_ = f.WriteData(s, true, []byte(zip))
		}, "ok", ""},
		{"answers with a bomb in gzip", func(f *http2.Framer, s uint32) {
			headers(f, s, false, ":status", "200", "content-type", "text/event-stream", "content-encoding", "gzip")
			for rest := bomb; rest != ""; rest = rest[min(len(rest), 8<<10):] {
				_ = f.WriteData(s, false, []byte(rest[:min(len(rest), 8<<10)]))
			}
		}, "malformed", "EVENT_LIMIT"},
		{"answers in brotli", func(f *http2.Framer, s uint32) {
			headers(f, s, false, ":status", "200", "content-type", "text/event-stream", "content-encoding", "br")
			_ = f.WriteData(s, true, []byte("x"))
		}, "malformed", `"br"`},
		{"writes to another stream", func(f *http2.Framer, s uint32) { begin(f, s, token); _ = f.WriteData(s+2, true, []byte(good)) }, "reset", "PROTOCOL_ERROR"},
		{"promises what nobody asked for", func(f *http2.Framer, s uint32) {
			begin(f, s, token)
			_ = f.WritePushPromise(http2.PushPromiseParam{StreamID: s, PromiseID: 2, EndHeaders: true})
		}, "reset", "PROTOCOL_ERROR"},
		{"says more than its length", func(f *http2.Framer, s uint32) {
			headers(f, s, false, ":status", "200", "content-type", "text/event-stream", "content-length", "5")
			_ = f.WriteData(s, true, []byte(good))
		}, "reset", ""},
	} {
		t.Run(c.story, func(t *testing.T) {
			u := newVU(t, New(), oneSecond)
			r := u.stream(frames(t, func(conn net.Conn, f *http2.Framer, stream uint32) {
				c.serve(f, stream)
				_, _ = io.Copy(io.Discard, conn)
			}), `{}`)
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, c.says)
			balanced(t, u.snapshot())
		})
	}
}
