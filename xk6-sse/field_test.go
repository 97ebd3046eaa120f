package sse

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// fieldCase is an answer as a file of testdata/field-cases has it: the head's lines end in CRLF when sent, the body's
// as they stand, `#sleep N` on a line of its own is a pause, `<NONL>` at a line's end leaves its line end out.
type fieldCase struct {
	pieces []string
	pauses []time.Duration // before each piece
}

func readFieldCase(text string) (c fieldCase) {
	head, body, _ := strings.Cut(text, "\n\n")
	piece := strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n"
	pause := time.Duration(0)
	end := func() {
		c.pieces, c.pauses = append(c.pieces, piece), append(c.pauses, pause)
		piece, pause = "", 0
	}
	for _, line := range strings.SplitAfter(body, "\n") {
		if rest, is := strings.CutPrefix(line, "#sleep "); is {
			end()
			n, _ := strconv.Atoi(strings.TrimSpace(rest))
			pause = time.Duration(n) * time.Millisecond
			continue
		}
		piece += strings.Replace(line, "<NONL>\n", "", 1)
	}
	end()
	return c
}

func (c fieldCase) answer(conn net.Conn) {
	if !request(bufio.NewReader(conn)) {
		return
	}
	for i, p := range c.pieces {
		time.Sleep(c.pauses[i])
		_, _ = io.WriteString(conn, p)
	}
}

// bytes is the whole answer without its pauses.
func (c fieldCase) bytes() []byte { return []byte(strings.Join(c.pieces, "")) }

// realPaths defines the `paths` that the suite itself uses, from lib/openai/wires/chat-paths.ts.
func realPaths(t testing.TB) string {
	t.Helper()
	source, err := os.ReadFile("../lib/openai/wires/chat-paths.ts")
	require.NoError(t, err)
	plain := regexp.MustCompile(`(?m)^import .*$|: Paths|: string\[\]|: string\b`).ReplaceAll(source, nil)
	return "const real = (() => {" + strings.ReplaceAll(string(bytes.ReplaceAll(plain, []byte("export "), nil)), "?.map", ".map") + "; return {openaiPaths, documentPaths}; })();"
}

// ofTheField makes a VU whose script uses the suite's own paths: `field(url)` is a stream, `plainField(url)` a
// document.
func ofTheField(t testing.TB) *testVU {
	u := newVU(t, New(), oneSecond)
	u.run(realPaths(t) + `
const field = (url, more) => get(url, Object.assign({paths: real.openaiPaths}, more));
const plainField = (url) => get(url, {expect: 'json', output: true, paths: real.documentPaths});`)
	return u
}

func (u *testVU) field(url, call string) (r recordView) {
	u.t.Helper()
	u.eval(&r, call+`('`+url+`')`)
	return r
}

// played plays an answer to a request for a stream.
func (u *testVU) played(c fieldCase) recordView {
	u.t.Helper()
	return u.field(server(u.t, c.answer), "field")
}

func delta(fields string) string {
	return `data: {"choices":[{"index":0,"delta":{` + fields + `},"finish_reason":null}]}` + "\n\n"
}

func usageEvent(usage string) string { return `data: {"choices":[],"usage":{` + usage + `}}` + "\n\n" }

// fieldFile reads a case that was met in the field.
func fieldFile(t testing.TB, name string) fieldCase {
	t.Helper()
	text, err := os.ReadFile("testdata/field-cases/" + name + ".txt")
	require.NoError(t, err)
	return readFieldCase(string(text))
}

// eventsOf is a case of our own.
func eventsOf(events ...string) fieldCase { return readFieldCase(sseLines + strings.Join(events, "")) }

const (
	sseLines = "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nConnection: close\n\n"
	stop     = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	hi       = `data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}` + "\n\n"
)

func said200(kind, body string) fieldCase {
	return readFieldCase("HTTP/1.1 200 OK\nContent-Type: " + kind + "\nConnection: close\n\n" + body)
}

// What each answer of the field is, as the README of the cases and DESIGN have it; siblings of each beside it.
func TestAnswersOfTheFieldHaveTheirOutcome(t *testing.T) {
	u := ofTheField(t)
	file := func(name string) fieldCase { return fieldFile(t, name) }
	finishing := func(reason string) fieldCase {
		return eventsOf(hi, `data: {"choices":[{"index":0,"delta":{},"finish_reason":"`+reason+`"}]}`+"\n\n", doneEnd)
	}
	for _, c := range []struct {
		story   string
		answer  fieldCase
		outcome string
		says    string
		remarks []string
	}{
		{"an error inside a choice", file("error-in-choice"), "stream_error", "Provider disconnected", nil},
		{"an error inside a choice without a failing finish reason", eventsOf(hi, `data: {"choices":[{"delta":{},"finish_reason":"stop","error":{"message":"upstream gone"}}]}`+"\n\n", doneEnd), "stream_error", "upstream gone", nil},
		{"an error inside a delta", eventsOf(hi, delta(`"error":"quota"`), stop), "stream_error", "quota", nil},
		{"finish reason error without a payload", finishing("error"), "stream_error", `"error"`, nil},
		{"finish reason of a provider without resources", finishing("insufficient_system_resource"), "stream_error", "insufficient_system_resource", nil},
		{"finish reason in capitals", finishing("MALFORMED_FUNCTION_CALL"), "stream_error", "MALFORMED_FUNCTION_CALL", nil},
		{"finish reason network_error", finishing("network_error"), "stream_error", "network_error", nil},
		{"finish reason abort", finishing("abort"), "stream_error", "abort", nil},
		{"finish reason length", finishing("length"), "ok", "", nil},
		{"finish reason content_filter", finishing("content_filter"), "ok", "", nil},
		{"finish reason tool_calls", finishing("tool_calls"), "ok", "", nil},
		{"an event named error after a finish", file("event-error-after-finish"), "stream_error", "overloaded", nil},
		{"an event named error before any content", eventsOf("event: error\ndata: {\"error\":{\"message\":\"no capacity\"}}\n\n"), "stream_error", "no capacity", nil},
		{"an event named error that is no JSON", eventsOf(hi, stop, "event: error\ndata: overloaded\n\n"), "stream_error", "overloaded", nil},
		{"an event named error without data", eventsOf(hi, stop, "event: error\n\n"), "stream_error", "without data", nil},
		{"an event named as an exception", eventsOf(hi, "event: internalServerException\ndata: {\"message\":\"boom\"}\n\n", stop), "stream_error", "boom", nil},
		{"an event that is an error by its object", eventsOf(hi, `data: {"object":"error","message":"CUDA out of memory","code":500}`+"\n\n", stop), "stream_error", "CUDA", nil},
		{"the text of an error is kept though a longer event follows", file("error-text-overwritten"), "stream_error", "Upstream provider disconnected", nil},
		{"error false", file("error-false"), "ok", "", nil},
		{"error null, 0 and empty", eventsOf(`data: {"error":null,"choices":[{"delta":{"content":"hi"}}]}`+"\n\n", `data: {"error":0,"choices":[]}`+"\n\n", `data: {"error":{"message":"","code":null},"errors":[],"choices":[{"delta":{},"error":null,"finish_reason":"stop"}]}`+"\n\n"), "ok", "", nil},
		{"error true", eventsOf(hi, `data: {"error":true}`+"\n\n", stop), "stream_error", "true", nil},
		{"a refusal", file("refusal"), "ok", "", nil},
		{"a function call", eventsOf(delta(`"function_call":{"name":"f","arguments":""}`), delta(`"function_call":{"arguments":"{}"}`), stop), "ok", "", nil},
		{"audio", eventsOf(delta(`"audio":{"id":"a1"}`), delta(`"audio":{"data":"AAAA"}`), stop), "ok", "", nil},
		{"audio that has an id and nothing else", eventsOf(delta(`"audio":{"id":"a1","expires_at":1}`), stop), "empty", "no content", nil},
		{"an image", eventsOf(delta(`"images":[{"type":"image_url","image_url":{"url":"data:,x"}}]`), stop), "ok", "", nil},
		{"a tool call that calls nothing", eventsOf(delta(`"tool_calls":[{"index":0,"type":"function","function":{"name":null,"arguments":""}}]`), stop), "empty", "no content", nil},
		{"parts without text", eventsOf(delta(`"content":[{"type":"text","text":""},{"type":"thinking","thinking":[]}]`), stop), "empty", "no content", nil},
		{"reasoning that nobody can read", eventsOf(delta(`"reasoning_details":[{"type":"reasoning.encrypted","data":"gAAAAA"}]`), stop), "empty", "no content", nil},
		{"an empty data", file("empty-data"), "ok", "", nil},
		{"a data of blanks", eventsOf("data:   \n\n", hi, "data: \ndata:\n\n", stop), "ok", "", nil},
		{"a ping whose data is no JSON", eventsOf("event: ping\ndata: ping\n\n", hi, stop), "ok", "", nil},
		{"a good stream that says it is JSON", file("content-type-json"), "ok", "", []string{ledger.RemarkType}},
		{"a good stream without a content type", readFieldCase("HTTP/1.1 200 OK\nConnection: close\n\n" + hi + stop), "ok", "", []string{ledger.RemarkType}},
		{"a good stream as text that begins with a comment", said200("text/plain", ": OPENROUTER PROCESSING\n\n"+hi+stop), "ok", "", []string{ledger.RemarkType}},
		{"a good stream as text that begins with a BOM and an id", said200("text/plain", "\xef\xbb\xbf\nid: 1\n"+hi+stop), "ok", "", []string{ledger.RemarkType}},
		{"the last event without its blank line", file("eof-no-blank-line"), "ok", "", []string{ledger.RemarkBlankLine}},
		{"the last event without a line end", said200("text/event-stream", hi+strings.TrimSpace(stop)), "ok", "", []string{ledger.RemarkBlankLine}},
		{"[DONE] without its blank line", said200("text/event-stream", hi+stop+"data: [DONE]"), "ok", "", []string{ledger.RemarkBlankLine}},
		{"an error as the last event without its blank line", said200("text/event-stream", hi+"data: {\"error\":\"gone\"}"), "stream_error", "gone", []string{ledger.RemarkBlankLine}},
		{"the last event cut off", said200("text/event-stream", hi+stop+`data: {"choices":[],"usa`), "ok", "", []string{ledger.RemarkCutOff}},
		{"the event with the finish cut off", said200("text/event-stream", hi+stop[:40]), "truncated", "finish", []string{ledger.RemarkCutOff}},
		{"events that no blank line separates", file("single-newlines"), "malformed", "not separated", []string{ledger.RemarkBlankLine}},
		{"two events that no blank line separates, in the middle", eventsOf(strings.TrimSuffix(hi, "\n"), hi, stop), "malformed", "not separated", nil},
		{"lines of JSON without data:", said200("text/event-stream", `x{"choices":[]}`+"\n"), "empty", "it begins with", nil},
		{"a coding that was not asked for: br", file("br"), "malformed", `"br"`, nil},
		{"a coding that was not asked for: zstd", readFieldCase("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nContent-Encoding: zstd\nConnection: close\n\n\x28\xb5"), "malformed", `"zstd"`, nil},
		{"a coding that was not asked for: two at once", readFieldCase("HTTP/1.1 200 OK\nContent-Encoding: deflate, gzip\nConnection: close\n\nx"), "malformed", `"deflate, gzip"`, nil},
		{"an error in a coding that was not asked for", readFieldCase("HTTP/1.1 503 No\nContent-Encoding: br\nConnection: close\n\nx"), "http_5xx", "503", nil},
		{"coding identity", readFieldCase("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nContent-Encoding: identity\nConnection: close\n\n" + hi + stop), "ok", "", nil},
		{"a failing proxy's page", file("502-html"), "http_5xx", "502", nil},
		{"an error with status 200", file("200-json-error"), "stream_error", "Unexpected endpoint or method. (POST /chat/completions)", nil},
		{"an error with status 200 that says it is a stream", said200("text/event-stream", `{"error":{"message":"bad route"}}`), "stream_error", "bad route", nil},
		{"a page with status 200 that says it is a stream", said200("text/event-stream", "<html>login"), "malformed", "<html>login", nil},
		{"JSON with status 200 that is no error", said200("application/json", `{"choices":[]}`), "malformed", "application/json", nil},
		{"usage in the choice", file("choice-usage"), "ok", "", nil},
		{"numbers of tokens that are none", eventsOf(hi, stop, usageEvent(`"prompt_tokens":1e400,"completion_tokens":-1`)), "ok", "", []string{ledger.RemarkUsage}},
		{"a number of tokens as text", eventsOf(hi, stop, usageEvent(`"prompt_tokens":"many"`)), "ok", "", []string{ledger.RemarkUsage}},
		{"nested too deep", eventsOf(hi, "data: "+strings.Repeat("[", 5000)+"\n\n", stop), "malformed", "nested", nil},
		{"8 MB of brackets, which overflowed the stack and ended the process", eventsOf(hi, "data: "+strings.Repeat("[", 8<<20)+"\n\n", stop), "malformed", "nested", nil},
		{"nested, and not too deep", eventsOf(hi, "data: "+strings.Repeat("[", 900)+strings.Repeat("]", 900)+"\n\n", stop), "ok", "", nil},
		{"many brackets that are not nested", eventsOf(hi, "data: {\"x\":\"\\\""+strings.Repeat("[", 5000)+"\",\"y\":["+strings.Repeat("[],", 5000)+"1]}\n\n", stop), "ok", "", nil},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.played(c.answer)
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, c.says)
			if c.outcome == "ok" {
				assert.Empty(t, r.Error)
			}
			// on a machine that is busy, a server may close only after the grace
			told := slices.DeleteFunc(r.Remarks, func(remark string) bool { return remark == ledger.RemarkLeftOpen })
			assert.ElementsMatch(t, c.remarks, told)
		})
	}
}

func TestDocumentsOfTheFieldHaveTheirOutcome(t *testing.T) {
	u := ofTheField(t)
	choice := func(text string) string { return `{"choices":[{"index":0,` + text + `}]}` }
	for _, c := range []struct{ story, body, outcome, says string }{
		{"an answer", choice(`"message":{"content":"hi"},"finish_reason":"stop"`), "ok", ""},
		{"an answer in parts", choice(`"message":{"content":[{"type":"text","text":"hi"}]}`), "ok", ""},
		{"a refusal", choice(`"message":{"content":null,"refusal":"No."}`), "ok", ""},
		{"a tool call", choice(`"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}`), "ok", ""},
		{"no output", choice(`"message":{"content":""},"finish_reason":"stop"`), "empty", "no output"},
		{"no choice", `{"choices":[]}`, "empty", "no output"},
		{"an error inside the choice", choice(`"message":{"content":"hi"},"error":{"message":"gone"}`), "stream_error", "gone"},
		{"an error beside an answer", `{"error":{"message":"gone"},"choices":[]}`, "stream_error", "gone"},
		{"error false beside an answer", `{"error":false,"choices":[{"message":{"content":"hi"}}]}`, "ok", ""},
		{"a finish reason that says error", choice(`"message":{"content":"hi"},"finish_reason":"error"`), "stream_error", `"error"`},
		{"nested too deep", strings.Repeat("[", 1<<20), "malformed", "nested"},
		{"a stream that was not asked for", hi + stop, "malformed", "it begins with"},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.field(server(t, saying(sized("200 OK", "application/json", c.body))), "plainField")
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, c.says)
		})
	}
}

// Scripts parse what a target says: a body that is nested as deep as it is long must not end the process either.
func TestBodyOfBracketsDoesNotEndTheScript(t *testing.T) {
	u := ofTheField(t)
	for _, status := range []string{"200 OK", "500 No"} {
		url := server(t, saying(sized(status, "application/json", strings.Repeat("[", 2<<20))))
		assert.Equal(t, "SyntaxError", u.run(`(() => { try { JSON.parse(plainField('`+url+`').body); return 'parsed'; } catch (e) { return e.name; } })()`).String())
	}
}

// The time to first token is that of the first text of any kind, and to first output that of the first which is no
// reasoning, wherever providers put either.
func TestFirstTokenAndFirstOutputOfTheField(t *testing.T) {
	u := ofTheField(t)
	thinking := func(first string) fieldCase {
		return eventsOf(delta(`"role":"assistant","content":""`), "#sleep 100\n", first, "#sleep 300\n", hi, stop, doneEnd)
	}
	for _, c := range []struct {
		story      string
		answer     fieldCase
		ttft, ttfo float64
		events     int
	}{
		{"reasoning_details", fieldFile(t, "reasoning-details"), 100, 400, 2},
		{"thinking parts of content", fieldFile(t, "content-parts-thinking"), 100, 400, 2},
		{"reasoning_content", thinking(delta(`"content":null,"reasoning_content":"hm"`)), 100, 400, 2},
		{"a summary of reasoning", thinking(delta(`"reasoning_details":[{"type":"reasoning.summary","summary":"hm"}]`)), 100, 400, 2},
		{"thinking blocks", thinking(delta(`"thinking_blocks":[{"type":"thinking","thinking":"hm","signature":""}]`)), 100, 400, 2},
		{"a thinking block that is only signed", thinking(delta(`"thinking_blocks":[{"type":"thinking","thinking":"","signature":"xx"}]`)), 400, 400, 1},
		{"a part without text is no token", thinking(delta(`"content":[{"type":"text","text":""}]`)), 400, 400, 1},
		{"reasoning as a part with its text", thinking(delta(`"content":[{"type":"reasoning","text":"hm"}]`)), 100, 400, 2},
		{"a tool call is a token and no output", thinking(delta(`"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]`)), 100, 400, 2},
		{"a refusal is output", thinking(delta(`"refusal":"No."`)), 100, 100, 2},
		{"audio is output", thinking(delta(`"audio":{"data":"AAAA"}`)), 100, 100, 2},
		{"text as a part is output", thinking(delta(`"content":[{"type":"text","text":"hi"}]`)), 100, 100, 2},
		{"a comment is no token", thinking(": OPENROUTER PROCESSING\n\n"), 400, 400, 1},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.played(c.answer)
			assert.Equal(t, "ok", r.Outcome, r.Error)
			assert.InDelta(t, c.ttft, r.TTFT, 90)
			assert.InDelta(t, c.ttfo, r.TTFO, 90)
			assert.Equal(t, c.events, r.ContentEvents)
			assert.Len(t, r.Offsets, c.events)
			assert.InDelta(t, 400, r.E2E, 90)
		})
	}
}
