package sse

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// Tokens per second that counted reasoning which was never streamed said 2,786 instead of 25.
func TestTokensOfTheField(t *testing.T) {
	u := ofTheField(t)
	paced := func(more ...string) fieldCase { return eventsOf(append([]string{hi, "#sleep 100\n", hi}, more...)...) }
	thoughts := strings.Repeat("I think so. ", 400)
	const absent = -1
	for _, c := range []struct {
		story                                           string
		answer                                          fieldCase
		prompt, completion, reasoning, cached, streamed float64
		remarks                                         []string
	}{
		{"reasoning that was not streamed is subtracted", fieldFile(t, "hidden-reasoning"), 7, 1002, 1000, absent, 2, []string{ledger.RemarkHidden}},
		{"reasoning that was streamed is not", paced(delta(`"reasoning":"`+thoughts+`"`), stop, usageEvent(`"prompt_tokens":7,"completion_tokens":1002,"completion_tokens_details":{"reasoning_tokens":1000}`)), 7, 1002, 1000, absent, 1002, nil},
		{"reasoning of which a summary was streamed gives no figure", paced(delta(`"reasoning":"in short"`), stop, usageEvent(`"completion_tokens":1002,"completion_tokens_details":{"reasoning_tokens":1000}`)), absent, 1002, 1000, absent, none, []string{ledger.RemarkHidden}},
		{"hidden tokens that the usage does not tell give no figure", paced(stop, usageEvent(`"completion_tokens":1002`)), absent, 1002, absent, absent, none, []string{ledger.RemarkHidden}},
		{"reasoning that the server counts beside the answer", paced(stop, usageEvent(`"prompt_tokens":7,"completion_tokens":2,"total_tokens":1009,"completion_tokens_details":{"reasoning_tokens":1000}`)), 7, 1002, 1000, absent, 2, []string{ledger.RemarkHidden}},
		{"reasoning in Google's names", paced(stop, `data: {"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"thoughtsTokenCount":1000,"cachedContentTokenCount":3,"totalTokenCount":1009}}`+"\n\n"), 7, 1002, 1000, 3, 2, []string{ledger.RemarkHidden}},
		{"usage in the choice", fieldFile(t, "choice-usage"), 7, 2, absent, absent, 2, nil},
		{"usage in a field of the vendor's", paced(`data: {"choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"usage":{"prompt_tokens":7,"completion_tokens":2}}}` + "\n\n"), 7, 2, absent, absent, 2, nil},
		{"zeros after the real one", paced(stop, usageEvent(`"prompt_tokens":7,"completion_tokens":2`), usageEvent(`"prompt_tokens":0,"completion_tokens":0`)), 7, 2, absent, absent, 2, nil},
		{"zeros beside the real one", paced(`data: {"usage":{"prompt_tokens":0,"completion_tokens":0},"choices":[{"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":7,"completion_tokens":2}}]}` + "\n\n"), 7, 2, absent, absent, 2, nil},
		{"nulls after the real one", paced(stop, usageEvent(`"prompt_tokens":7,"completion_tokens":2`), `data: {"choices":[],"usage":null}`+"\n\n"), 7, 2, absent, absent, 2, nil},
		{"a usage that grows", paced(usageEvent(`"prompt_tokens":7,"completion_tokens":1`), stop, usageEvent(`"prompt_tokens":7,"completion_tokens":2`)), 7, 2, absent, absent, 2, nil},
		{"cached tokens", paced(stop, usageEvent(`"prompt_tokens":70,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":64}`)), 70, 2, absent, 64, 2, nil},
		{"cached tokens in DeepSeek's names", paced(stop, usageEvent(`"prompt_tokens":70,"completion_tokens":2,"prompt_cache_hit_tokens":64`)), 70, 2, absent, 64, 2, nil},
		{"a number beyond all bounds is left out", paced(stop, usageEvent(`"prompt_tokens":1e400,"completion_tokens":2`)), absent, 2, absent, absent, 2, []string{ledger.RemarkUsage}},
		{"no tokens for an answer that has some are left out: it was free, and had 0 tokens a chunk", paced(stop, usageEvent(`"prompt_tokens":7,"completion_tokens":0`)), 7, absent, absent, absent, none, []string{ledger.RemarkUsage}},
		{"a negative number is left out", paced(stop, usageEvent(`"prompt_tokens":7,"completion_tokens":-2`)), 7, absent, absent, absent, none, []string{ledger.RemarkUsage}},
	} {
		t.Run(c.story, func(t *testing.T) {
			url := server(t, c.answer.answer)
			u.run(`globalThis.last = field('` + url + `')`)
			var r recordView
			u.eval(&r, `last`)
			assert.Equal(t, "ok", r.Outcome, r.Error)
			assert.Equal(t, []float64{c.prompt, c.completion, c.reasoning, c.cached},
				[]float64{float64(r.PromptTokens), float64(r.CompletionTokens), r.ReasoningTokens, r.CachedTokens})
			assert.ElementsMatch(t, c.remarks, r.Remarks)
			record := u.run(`last`).Export().(*Record)
			assert.InDelta(t, c.streamed, record.streamed(), 0)
			perSecond := figures["tokensPerSecond"].of(record)
			if c.streamed < 2 || r.E2E <= r.TTFT {
				assert.Negative(t, perSecond, "no figure")
			} else {
				assert.InDelta(t, (c.streamed-1)/(r.E2E-r.TTFT)*1000, perSecond, 1e-6)
			}
			assert.LessOrEqual(t, figures["tokensPerChunk"].of(record), float64(c.streamed)/2+1)
		})
	}
}

// A client that has seen [DONE] hangs up. A server that keeps the response open cost each user the idle time-out.
func TestResponseLeftOpenAfterItsEndIsNoTimeOut(t *testing.T) {
	u := ofTheField(t)
	u.run(`const patient = {timeouts: {first: 5000, idle: 5000, total: 10000}}`)
	pinging := func(c net.Conn) {
		for {
			if _, err := io.WriteString(c, ": ping\n\n"); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	for _, c := range []struct {
		story, events, outcome string
		after                  func(net.Conn)
	}{
		{"silent", hi + stop + doneEnd, "ok", untilGone},
		{"with pings", hi + stop + doneEnd, "ok", pinging},
		{"without a finish reason", hi + doneEnd, "truncated", untilGone},
		{"after an error event", hi + "event: error\ndata: boom\n\n", "stream_error", untilGone},
	} {
		t.Run(c.story, func(t *testing.T) {
			t.Parallel()
			u := ofTheField(t)
			r := u.field(server(t, then(sseHead+c.events, c.after)), "field")
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Equal(t, []string{ledger.RemarkLeftOpen}, r.Remarks)
			assert.Less(t, r.End, 1900.0, "it counts until it was over for who reads it")
			again := u.field(server(t, then(sseHead+c.events, c.after)), "field")
			assert.False(t, again.Reused)
		})
	}
}

// What is late after [DONE], within the grace, is still read: the usage, the end of the chunked coding.
func TestConnectionIsKeptWhenTheEndComesALittleAfterDone(t *testing.T) {
	u := ofTheField(t)
	url := server(t, func(c net.Conn) {
		for r := bufio.NewReader(c); request(r); {
			_, _ = io.WriteString(c, chunked(hi+stop+doneEnd, ""))
			time.Sleep(50 * time.Millisecond)
			_, _ = io.WriteString(c, "0\r\n\r\n")
		}
	})
	for i := range 2 {
		r := u.field(url, "field")
		assert.Equal(t, "ok", r.Outcome, r.Error)
		assert.Empty(t, r.Remarks)
		assert.Equal(t, i > 0, r.Reused)
	}
}

// Comments or role chunks for ever kept the idle time-out away, and users waiting until the total one.
func TestWhoWaitsForContentIsNotKeptByOtherBytes(t *testing.T) {
	role := delta(`"role":"assistant","content":""`)
	for _, c := range []struct{ story, begins, repeats, outcome string }{
		{"comments before the first content", "", ": ping\n\n", "timeout_first"},
		{"role chunks before the first content", role, role, "timeout_first"},
		{"blank lines before the first content", "", "\n", "timeout_first"},
		{"comments after content", hi, ": ping\n\n", "timeout_idle"},
		{"role chunks after content", hi, role, "timeout_idle"},
		{"empty data after content", hi, "data:\n\n", "timeout_idle"},
	} {
		t.Run(c.story, func(t *testing.T) {
			t.Parallel()
			u := ofTheField(t)
			url := server(t, func(conn net.Conn) {
				saying(sseHead + c.begins)(conn)
				for {
					if _, err := io.WriteString(conn, c.repeats); err != nil {
						return
					}
					time.Sleep(5 * time.Millisecond)
				}
			})
			var r recordView
			u.eval(&r, `field('`+url+`', {timeouts: {first: 300, idle: 300, total: 20000}})`)
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, "no content came")
			assert.Less(t, r.End, 5000.0)
			assert.GreaterOrEqual(t, r.End, 299.0)
		})
	}
}

// Paths that hold for one type of event only, and tokens that stand beside the prompt's, as Anthropic's Messages have
// them: all are found in the one pass, and the last event ends the answer though the response stays open.
func TestPathsOfOneTypeOfEvent(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	u.run(`const messages = {
	content: ['delta.text'], reasoning: ['delta.thinking'], toolCalls: [], finish: ['delta.stop_reason'], error: ['error'], done: '[DONE]',
	promptTokens: ['usage.input_tokens', 'message.usage.input_tokens'], completionTokens: ['usage.output_tokens', 'message.usage.output_tokens'],
	besidePromptTokens: ['message.usage.cache_read_input_tokens', 'message.usage.cache_creation_input_tokens'],
	over: ['[@this].#(type=="message_stop").type'],
}; const message = (url) => get(url, {paths: messages})`)
	event := func(data string) string { return "data: " + data + "\n\n" }
	begins := event(`{"type":"message_start","message":{"usage":{"input_tokens":7,"output_tokens":1,"cache_read_input_tokens":20,"cache_creation_input_tokens":3}}}`)
	text := event(`{"type":"content_block_delta","delta":{"text":"message_stop"}}`)
	ends := event(`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}`)
	stops := event(`{"type":"mess\u0061ge_stop"}`)
	r := u.field(server(t, then(sseHead+begins+text+text+ends+stops, untilGone)), "message")
	assert.Equal(t, "ok", r.Outcome, r.Error)
	assert.Equal(t, []int{30, 2, 2}, []int{r.PromptTokens, r.CompletionTokens, r.ContentEvents})
	assert.Equal(t, []string{ledger.RemarkLeftOpen}, r.Remarks, "message_stop ended it, and nothing before")
	assert.Less(t, r.End, 1900.0)
}
