package sse

import (
	"math"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// figures are what a metric can be filled from (`measured` of its definition). A value below 0, or NaN, means that it
// did not happen or was not told: the metric gets none then, never 0 or Infinity. Durations are ms. Those of a request
// that did not end well are left out too (an error at 2 ms is not a fast answer), but for what is the generator's and
// the network's: `always`.
var figures = map[string]figure{
	// TCP and TLS set-up, where a connection was made.
	"connect": {always: true, of: func(r *Record) float64 {
		if r.reused || r.connect == 0 {
			return none
		}
		return clock.Ms(r.connect)
	}},
	// How late it was sent against its arrival.
	"queue": {always: true, of: (*Record).lateness},
	// 1 where the outcome is neither ok nor cancelled, else 0.
	"failed": {always: true, of: func(r *Record) float64 {
		return oneIf(!r.outcome.Good())
	}},
	"ttfb":       {of: func(r *Record) float64 { return orNone(r.ttfb) }},
	"firstChunk": {of: func(r *Record) float64 { return orNone(r.firstChunk) }},
	"ttft":       {of: func(r *Record) float64 { return orNone(r.ttft) }},
	// The same with the new connection that the request waited for: what its user waited.
	"ttftConnect": {of: func(r *Record) float64 {
		if r.ttft < 0 {
			return none
		}
		return clock.Ms(r.connectBefore() + r.ttft)
	}},
	"ttfo": {of: func(r *Record) float64 { return orNone(r.ttfo) }},
	"e2e":  {of: func(r *Record) float64 { return orNone(r.e2e) }},
	// The same two from the time at which the request was due: no coordinated omission.
	"e2eScheduled":     {of: func(r *Record) float64 { return r.scheduled(r.e2e) }},
	"ttftScheduled":    {of: func(r *Record) float64 { return r.scheduled(r.ttft) }},
	"promptTokens":     {of: func(r *Record) float64 { return r.promptTokens }},
	"completionTokens": {of: func(r *Record) float64 { return r.completionTokens }},
	"reasoningTokens":  {of: func(r *Record) float64 { return r.reasoningTokens }},
	"cachedTokens":     {of: func(r *Record) float64 { return r.cachedTokens }},
	// Streamed output tokens / content-bearing events.
	"tokensPerChunk": {of: func(r *Record) float64 {
		tokens := r.streamed()
		if r.contentEvents == 0 || tokens <= 0 {
			return none
		}
		return tokens / float64(r.contentEvents)
	}},
	"tpot": {of: (*Record).tpot},
	// One user's rate after the first token: (streamed output tokens - 1) / (e2e - ttft), per second.
	"tokensPerSecond": {of: func(r *Record) float64 { return 1000 / r.tpot() }},
	// 1 for each request.
	"ended": {always: true, of: func(*Record) float64 { return 1 }},
	// What the `count` path held.
	"counted": {of: func(r *Record) float64 { return r.counted }},
}

type figure struct {
	always bool
	of     func(*Record) float64
}

const none = -1

// lateness is how late the request was sent against its arrival; none without one, and for what was never sent.
func (r *Record) lateness() float64 {
	if math.IsNaN(r.due) || r.sentSinceStart() < 0 {
		return none
	}
	return r.queue()
}

// scheduled is the offset counted from when the request was due: what it waited because no user was free is the target's
// doing, and so is a new connection. The generator's own lateness is not: that of a user who was there and woke late, and
// of the script's part.
func (r *Record) scheduled(offset int64) float64 {
	if r.lateness() < 0 || offset < 0 {
		return none
	}
	return clock.Ms(r.held + r.connectBefore() + offset)
}

// connectBefore is what a new connection took before the request was sent, 0 where one was kept. That of a second
// sending lies after the first, from which the offsets count.
func (r *Record) connectBefore() int64 {
	if r.resent {
		return 0
	}
	return r.connect
}

// tpot is (e2e - ttft) / (streamed output tokens - 1), ms: the time between tokens as the server's count of them has
// it. None below 2 tokens, where there is no gap to speak of, where the tokens came in no measurable time, without
// content events, and where it is not known how many tokens were streamed.
func (r *Record) tpot() float64 {
	tokens := r.streamed()
	if r.contentEvents == 0 || tokens < 2 || r.ttft < 0 || r.e2e <= r.ttft {
		return none
	}
	return clock.Ms(r.e2e-r.ttft) / (tokens - 1)
}

// measured appends the values of the metrics that are filled from what was measured.
func (r *Record) measured(values []ledger.Value) []ledger.Value {
	for _, f := range r.v.load.filled {
		if r.outcome != outcome.OK && !f.figure.always {
			continue
		}
		value := f.figure.of(r)
		if math.IsInf(value, 0) || math.IsNaN(value) {
			r.v.load.ledger.Refuse()
		} else if value >= 0 {
			values = append(values, ledger.Value{Metric: f.metric, Value: value})
		}
	}
	return values
}

// limit is what a request's value of a metric must keep to for the request to count as goodput.
type limit struct {
	metric         *ledger.Metric
	below, atLeast float64 // NaN: no such limit
}

// met tells whether every value keeps to its limits. A metric that the request has no value of is no failure.
func met(limits []limit, values []ledger.Value) bool {
	for _, l := range limits {
		for _, v := range values {
			if v.Metric == l.metric && (v.Value >= l.below || v.Value < l.atLeast) {
				return false
			}
		}
	}
	return true
}

// orNone is a duration in ms, -1 for what did not happen.
func orNone(ns int64) float64 {
	if ns < 0 {
		return -1
	}
	return clock.Ms(ns)
}
