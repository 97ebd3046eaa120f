package sse

import (
	"fmt"
	"math"

	"github.com/tidwall/gjson"

	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// mostTokens bounds what a usage may say. No answer has a thousand million tokens.
const mostTokens = 1e9

// tokens takes the usage of what was scanned; it tells whether there is any.
func (x *exchange) tokens() (some bool) {
	r := x.r
	for _, c := range []struct {
		among content.List
		into  *float64
	}{
		{content.PromptTokens, &r.promptTokens}, {content.CompletionTokens, &r.completionTokens},
		{content.TotalTokens, &r.totalTokens}, {content.ReasoningTokens, &r.reasoningTokens},
		{content.CachedTokens, &r.cachedTokens},
	} {
		x.u.found.Each(c.among, func(n gjson.Result) bool {
			if !x.plausible(n) {
				return true
			}
			some = true
			if n.Num > 0 || *c.into < 0 { // some providers send zeros after the real ones
				*c.into = n.Num
			}
			return n.Num == 0
		})
	}
	var beside float64
	x.u.found.Each(content.BesidePrompt, func(n gjson.Result) bool {
		if x.plausible(n) {
			beside += n.Num
		}
		return true
	})
	r.besidePrompt = max(r.besidePrompt, beside)
	return some
}

// plausible tells whether a value can be a number of tokens. One that cannot is no value, and is told.
func (x *exchange) plausible(n gjson.Result) bool {
	if n.Type == gjson.Number && n.Num >= 0 && n.Num <= mostTokens { // false for NaN too
		return true
	}
	x.r.remark(ledger.RemarkUsage, "the usage says "+clip(n.Raw))
	return false
}

// streamed is how many output tokens the stream showed, as far as it can be known; `none` when it cannot. The usage may
// count reasoning that was not streamed: its tokens cost time before the first token and none after it, so a rate that
// counted them would be many times too high.
func (r *Record) streamed() float64 {
	if r.completionTokens < 0 {
		return none
	}
	tokens := r.completionTokens
	if hidden := r.reasoningTokens; hidden > 0 {
		switch {
		case r.reasoningBytes == 0:
			tokens -= hidden
		case float64(r.reasoningBytes) < leastBytes*hidden: // a summary of it was streamed, of no known length
			return none
		}
	}
	if r.saidBytes > 0 && tokens > float64(r.saidBytes)+unseenTokens {
		return none
	}
	return math.Max(0, tokens)
}

const (
	// leastBytes: reasoning with fewer bytes for a token was not streamed whole. English has about four, and Chinese,
	// whose tokens are shortest, three for each sign.
	leastBytes = 2
	// unseenTokens: a token has at least one byte, but for these few (begin, end, role).
	unseenTokens = 8
)

// settleTokens puts the usage in order when the answer has been read. `output`: an answer that ended well has some, so
// that it cannot have 0 tokens.
func (r *Record) settleTokens(output bool) {
	if r.promptTokens >= 0 {
		r.promptTokens += r.besidePrompt
	}
	if r.reasoningTokens > 0 && r.completionTokens >= 0 {
		apart := r.promptTokens >= 0 && r.totalTokens > 0 &&
			r.promptTokens+r.completionTokens+r.reasoningTokens == r.totalTokens
		if apart || r.reasoningTokens > r.completionTokens { // the server counts them beside the answer's
			r.completionTokens += r.reasoningTokens
		}
	}
	if r.outcome == outcome.OK && r.completionTokens == 0 && output {
		r.remark(ledger.RemarkUsage, "the usage says 0 output tokens, and the answer has content")
		r.completionTokens = -1
	}
	if r.outcome != outcome.OK || r.completionTokens < 0 || r.contentEvents == 0 {
		return
	}
	switch shown := r.streamed(); {
	case shown < 0:
		r.remark(
			ledger.RemarkHidden,
			fmt.Sprintf("%v output tokens in %d bytes of text", r.completionTokens, r.saidBytes),
		)
	case shown < r.completionTokens:
		r.remark(
			ledger.RemarkHidden,
			fmt.Sprintf("%v of %v output tokens", r.completionTokens-shown, r.completionTokens),
		)
	}
}
