package sse

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

func chunked(events string, end string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
		fmt.Sprintf("%x;ext=1\r\n%s\r\n", len(events), events) + end
}

func sized(status, kind, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", status, kind, len(body), body)
}

const good = role + token + token + finished + usageEnd + doneEnd

// then says text and does something else afterwards.
func then(text string, after func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		saying(text)(c)
		after(c)
	}
}

func reset(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }

// Each server is named by how it misbehaves.
var misbehaviours = []struct {
	name    string
	serve   func(net.Conn)
	more    string // parameters
	outcome string
	says    string // in the error's sentence
}{
	{"nothing wrong, until close", saying(sseHead + good), `{}`, "ok", ""},
	{"nothing wrong, chunked", saying(chunked(good, "0\r\nX-Trailer: 1\r\n\r\n")), `{}`, "ok", ""},
	{"nothing wrong, sized", saying(sized("200 OK", "text/event-stream; charset=utf-8", good)), `{}`, "ok", ""},
	{"says early hints first", saying("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + sseHead + good), `{}`, "ok", ""},
	{"answers 201", saying(strings.Replace(sseHead, "200 OK", "201 Created", 1) + good), `{}`, "ok", ""},
	{"ends lines with LF alone", saying("HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\n" + good), `{}`, "ok", ""},
	{"has no key", saying(sized("401 Unauthorized", "application/json", `{"error":{"message":"no key"}}`)), `{}`, "http_4xx", "status 401: no key"},
	{"is over quota", saying(sized("429 Too Many Requests", "text/plain", "slow down")), `{}`, "http_429", "429"},
	{"fails", saying(sized("503 Service Unavailable", "text/html", "<h1>no")), `{}`, "http_5xx", "503"},
	{"fails and breaks off", saying("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf"), `{}`, "http_5xx", "500"},
	{"says nothing", then("", untilGone), `{timeouts: {first: 50, idle: 5000, total: 5000}}`, "timeout_first", "50ms"},
	{"sends headers and no body", then(sseHead, untilGone), `{timeouts: {first: 50, idle: 5000, total: 5000}}`, "timeout_first", "50ms"},
	{"sends half a header", then("HTTP/1.1 200 O", untilGone), `{timeouts: {first: 50, idle: 5000, total: 5000}}`, "timeout_first", ""},
	{"stalls in the middle", then(sseHead+token, untilGone), `{timeouts: {first: 5000, idle: 50, total: 5000}}`, "timeout_idle", "50ms"},
	{"drips forever", dripping, `{timeouts: {first: 5000, idle: 5000, total: 100}}`, "timeout_total", "100ms"},
	{"stalls in an error", then("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf", untilGone), `{timeouts: {first: 5000, idle: 50, total: 5000}}`, "timeout_idle", ""},
	{"closes before the answer", saying(), `{}`, "reset", "closed"},
	{"closes in the headers", saying("HTTP/1.1 200 OK\r\nContent-Ty"), `{}`, "reset", "closed"},
	{"closes in a chunk", saying(chunked(good, "ff\r\ndata")), `{}`, "reset", "closed"},
	{"closes before the last chunk", saying(chunked(good, "")), `{}`, "reset", "closed"},
	{"closes before the length", saying("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\n" + good), `{}`, "reset", "closed"},
	{"resets the connection", then(chunked(good, ""), reset), `{}`, "reset", ""},
	{"writes broken chunks", saying(chunked(good, "zz\r\n")), `{}`, "reset", "chunked"},
	{"reports an error in the stream", saying(sseHead + role + `data: {"error":{"message":"provider down"}}` + "\n\n" + doneEnd), `{}`, "stream_error", "provider down"},
	{"reports an error after content", saying(sseHead + token + `data: {"error":"boom"}` + "\n\n"), `{}`, "stream_error", "boom"},
	{"writes no JSON", saying(sseHead + token + "data: oops\n\n" + finished), `{}`, "malformed", "oops"},
	{"answers with a page", saying(sized("200 OK", "text/html", "<html>")), `{}`, "malformed", "text/html"},
	{"answers with JSON to a stream", saying(sized("200 OK", "application/json", "{}")), `{}`, "malformed", "application/json"},
	{"does not speak HTTP", saying("220 mail ready\r\n\r\n"), `{}`, "malformed", "HTTP"},
	{"has endless headers", saying("HTTP/1.1 200 OK\r\n" + strings.Repeat("X: "+strings.Repeat("y", 1000)+"\r\n", 100)), `{}`, "malformed", "64 KiB"},
	{"redirects", saying("HTTP/1.1 302 Found\r\nLocation: https://login.example/x?key=s3cret\r\nContent-Length: 0\r\n\r\n"), `{}`, "malformed", "login.example"},
	{"says nothing but done", saying(sseHead + doneEnd), `{}`, "empty", "no content"},
	{"says only its role", saying(sseHead + role + finished + doneEnd), `{}`, "empty", "no content"},
	{"has an empty body", saying(sized("200 OK", "text/event-stream", "")), `{}`, "empty", ""},
	{"has no content at all", saying("HTTP/1.1 204 No Content\r\n\r\n"), `{}`, "empty", ""},
	{"only pings", saying(sseHead + ": ping\n\n: ping\n\n"), `{}`, "empty", ""},
	{"gives no finish reason", saying(sseHead + role + token + doneEnd), `{}`, "truncated", "finish"},
	{"leaves the last event without its blank line", saying(sseHead + token + strings.TrimSpace(finished)), `{}`, "ok", ""},
	{"cuts the last event off", saying(sseHead + token + finished[:len(finished)-10]), `{}`, "truncated", "finish"},
	{"is cancelled after two events", then(sseHead+role+token+token+token, untilGone), `{cancelAfter: {events: 2}}`, "cancelled", "2"},
	{"is cancelled after a while", then(sseHead+token, untilGone), `{cancelAfter: {ms: 50}}`, "cancelled", "50ms"},
	{"is cancelled before it says anything", then("", untilGone), `{cancelAfter: {ms: 50}}`, "cancelled", "50ms"},
	{"gives a document", saying(sized("200 OK", "application/json", `{"usage":{"prompt_tokens":3}}`)), `{expect: 'json'}`, "ok", ""},
	{"gives a broken document", saying(sized("200 OK", "application/json", `{"usage":`)), `{expect: 'json'}`, "malformed", "JSON"},
	{"gives an empty document", saying(sized("200 OK", "application/json", ``)), `{expect: 'json'}`, "empty", ""},
	{"breaks off in a document", saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"), `{expect: 'json'}`, "reset", ""},
	{"refuses as it is to", saying(sized("401 Unauthorized", "application/json", `{"detail":"no"}`)), `{expect: 'json', expectStatus: [401, 403]}`, "ok", ""},
	{"refuses a stream as it is to", saying(sized("422 No", "text/html", "no JSON")), `{expectStatus: [422]}`, "ok", ""},
	{"refuses as it is to, without a body", saying("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), `{expect: 'json', expectStatus: [404]}`, "ok", ""},
	{"refuses otherwise than it is to", saying(sized("404 Not Found", "application/json", `{}`)), `{expect: 'json', expectStatus: [401, 403]}`, "http_4xx", "status 404, and 401 or 403 was wanted"},
	{"is busy instead of refusing", saying(sized("429 Too Many Requests", "text/plain", "x")), `{expect: 'json', expectStatus: [401]}`, "http_429", "and 401 was wanted"},
	{"fails instead of refusing", saying(sized("500 No", "text/plain", "x")), `{expect: 'json', expectStatus: [401]}`, "http_5xx", "and 401 was wanted"},
	{"does not refuse what it is to refuse", saying(sized("200 OK", "application/json", `{}`)), `{expect: 'json', expectStatus: [401]}`, "malformed", "status 200, and 401 was wanted"},
	{"breaks off while it refuses", saying("HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\nhalf"), `{expect: 'json', expectStatus: [401]}`, "reset", ""},
	{"closes instead of refusing", saying(), `{expect: 'json', expectStatus: [401]}`, "reset", "closed"},
	{"says it is gzip and is not", saying("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n" + good), `{}`, "malformed", "gzip"},
}

func dripping(c net.Conn) {
	saying(sseHead)(c)
	for {
		if _, err := io.WriteString(c, token); err != nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func TestOutcomes(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	for _, m := range misbehaviours {
		t.Run(m.name, func(t *testing.T) {
			r := u.stream(server(t, m.serve), m.more)
			assert.Equal(t, m.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, m.says)
			assert.NotContains(t, r.Error, "s3cret")
			if strings.Contains(m.says, "50ms") {
				assert.Less(t, r.End, 4000.0, "a short limit strikes though a longer one was set before it")
			}
			if m.outcome == "ok" {
				assert.Empty(t, r.Error)
			} else {
				assert.NotEmpty(t, r.Error)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_ = l.Close()
	u := newVU(t, New(), oneSecond)
	r := u.stream("http://"+l.Addr().String(), `{}`)
	assert.Equal(t, "connect", r.Outcome)
	assert.Contains(t, r.Error, "refused")
	assert.Equal(t, -1.0, r.TTFB)
}

func TestMembersOfARecord(t *testing.T) {
	steps := make(chan struct{})
	url := server(t, func(c net.Conn) {
		saying(sseHead+role, "")(c)
		for _, p := range []string{thought, token, token, finished + usageEnd + doneEnd} {
			<-steps
			_, _ = io.WriteString(c, p)
		}
	})
	u := newVU(t, New(), oneSecond)
	go func() {
		for range 4 {
			time.Sleep(5 * time.Millisecond) // so that the pieces are read apart
			steps <- struct{}{}
		}
	}()
	r := u.stream(url, `{}`)
	assert.Equal(t, "ok", r.Outcome, r.Error)
	assert.Equal(t, 200, r.Status)
	assert.Equal(t, "text/event-stream", r.Headers["content-type"])
	assert.Equal(t, "hi hi ", r.Text)
	assert.Equal(t, "stop", r.Finish)
	assert.True(t, r.Done)
	assert.Equal(t, 7, r.PromptTokens)
	assert.Equal(t, 2, r.CompletionTokens)
	assert.Equal(t, 7, r.Events)
	assert.Equal(t, 3, r.ContentEvents)
	assert.Equal(t, 3, r.Reads)
	assert.Equal(t, len(role+thought+token+token+finished+usageEnd+doneEnd), r.Bytes)
	assert.Equal(t, -1.0, r.Sent)
	assert.Equal(t, "HTTP/1.1", r.Protocol)
	assert.Empty(t, r.Body)
	order := []float64{0, r.TTFB, r.FirstChunk, r.TTFT, r.TTFO, r.E2E, r.End}
	assert.IsNonDecreasing(t, order)
	assert.Equal(t, []float64{r.TTFT, r.TTFO, r.E2E}, r.Offsets)
	assert.Greater(t, r.TTFT, r.FirstChunk, "the role is no token")
	assert.Greater(t, r.TTFO, r.TTFT, "reasoning is no output")
	assert.Greater(t, r.End, r.E2E, "the usage event is no content")
}

func TestToolCallsAreContent(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	empty := `data: {"choices":[{"delta":{"tool_calls":[]}}]}` + "\n\n"
	call := `data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"f"}}]}}]}` + "\n\n"
	r := u.stream(server(t, saying(sseHead+empty+call+finished)), `{}`)
	assert.Equal(t, "ok", r.Outcome)
	assert.Equal(t, 1, r.ContentEvents)
	assert.Equal(t, -1.0, r.TTFO)
}

func TestEscapedNamesAreFound(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	r := u.stream(server(t, saying(sseHead+`data: {"choices":[{"delta":{"c\u006fntent":"gr\u00fc\u00df"}}]}`+"\n\n"+finished)), `{}`)
	assert.Equal(t, "grüß", r.Text)
}

func TestErrorsKeepTheirBody(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	r := u.stream(server(t, saying(sized("500 No", "text/plain", strings.Repeat("x", 3<<20)))), `{}`)
	assert.Len(t, r.Body, 1<<20)
	assert.Equal(t, "http_5xx", r.Outcome)
}

func TestLargeDocumentsAreJudgedWhole(t *testing.T) {
	body := `{"list":[1,2,3],"data":"` + strings.Repeat("x", 3<<20) + `","usage":{"prompt_tokens":9}}`
	u := newVU(t, New(), oneSecond)
	r := u.stream(server(t, saying(sized("200 OK", "application/json", body))), `{expect: 'json', count: 'list.#'}`)
	assert.Equal(t, "ok", r.Outcome, r.Error)
	assert.Equal(t, 3, r.Counted)
	assert.Equal(t, 9, r.PromptTokens)
	assert.Len(t, r.Body, 1<<20)
}

func TestGzipIsDecoded(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, good)
	_ = z.Close()
	u := newVU(t, New(), oneSecond)
	head := strings.Replace(sseHead, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1)
	r := u.stream(server(t, saying(head+packed.String())), `{}`)
	assert.Equal(t, "ok", r.Outcome, r.Error)
	assert.Equal(t, "hi hi ", r.Text)
	s := u.snapshot().Instrument
	if u.v.root.conns.Machinery().Clock == "kernel" {
		assert.Equal(t, wire.ReadClockView{Gzip: 1}, s.ReadClock, "and measured at the read, which is said")
	} else {
		assert.Zero(t, s.ReadClock)
	}
	u.stream(server(t, saying(sseHead+good)), `{}`)
	assert.Equal(t, s.ReadClock, u.snapshot().Instrument.ReadClock)
}

func TestWhatIsSent(t *testing.T) {
	got := make(chan string, 1)
	url := server(t, func(c net.Conn) {
		p := make([]byte, 4096)
		n, _ := c.Read(p)
		got <- string(p[:n])
		_, _ = io.WriteString(c, sseHead+good)
	})
	u := newVU(t, New(), oneSecond)
	u.stream(strings.Replace(url, "http://", "http://me:pw@", 1)+"/v1/x?y=1", `{headers: {'Content-Type': 'application/json', Host: 'gateway'}, body: '{"a":"ü"}'}`)
	assert.Equal(t, "POST /v1/x?y=1 HTTP/1.1\r\nHost: gateway\r\nAuthorization: Basic bWU6cHc=\r\nContent-Type: application/json\r\n"+
		"Content-Length: 10\r\n\r\n{\"a\":\"ü\"}", <-got)
}

func TestMistakesOfTheScriptThrow(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	for _, call := range []string{
		`sse.stream('ftp://x', {})`, `sse.stream('http://x')`, `get('http://x', {headers: {'A': 'x\r\ny: z'}})`,
		`get('http://x', {expect: 'xml'})`, `sse.stream('http://x', {expect: 'stream', timeouts})`, `sse.configure({})`,
		`sse.refuse('x')`, `sse.push({}, {nothing: 1})`,
	} {
		_, err := u.rt.VU.RuntimeField.RunString(call)
		require.Error(t, err, call)
		assert.Contains(t, err.Error(), "k6/x/sse: ", call)
	}
	assert.Zero(t, u.snapshot().Started)
}

func TestTextAndBodyAreValidUTF8(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	r := u.stream(server(t, saying(sized("400 No", "text/plain", "\xff\xfe{"))), `{}`)
	assert.True(t, json.Valid([]byte(`"`+r.Body+`"`)))
}

func BenchmarkStreamEvents(b *testing.B) {
	const events = 2000
	long := chunked(strings.Repeat(token, events)+finished, "0\r\n\r\n")
	url := server(b, func(c net.Conn) {
		for r := bufio.NewReader(c); request(r); {
			_, _ = io.WriteString(c, long)
		}
	})
	u := newVU(b, New(), oneSecond)
	b.ReportAllocs()
	for b.Loop() {
		u.run(`get('` + url + `', {}).settle()`)
		u.pushed()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
}
