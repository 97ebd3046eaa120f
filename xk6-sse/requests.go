package sse

import (
	"encoding/json"
	"math"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/requests"
)

// requestsBytes is the most that the file of requests may have.
const requestsBytes = 1 << 30

// RecordRequests is recordRequests().
func (v *VU) RecordRequests(call sobek.FunctionCall) sobek.Value {
	every, failed := call.Argument(1).ToInteger(), call.Argument(2).ToBoolean()
	err := v.load.requests.Open(call.Argument(0).String(), uint64(max(1, every)), failed, requestsBytes)
	if err != nil {
		return v.vu.Runtime().ToValue(err.Error())
	}
	return v.vu.Runtime().ToValue("")
}

// RecordedRequests is recordedRequests().
func (v *VU) RecordedRequests(sobek.FunctionCall) sobek.Value {
	kept, leftOut, err := v.load.requests.Close()
	o := v.vu.Runtime().NewObject()
	_ = o.Set("kept", kept)
	_ = o.Set("leftOut", leftOut)
	said := ""
	if err != nil {
		said = err.Error()
	}
	_ = o.Set("error", said)
	raw, err := json.Marshal(v.load.requests.Slowest())
	if err != nil {
		v.fail("recordedRequests(): " + err.Error())
	}
	_ = o.Set("slowest", v.plain("recordedRequests()", raw))
	return o
}

// keep writes the request into the file of requests, if that wants it.
func (r *Record) keep(o outcome.Outcome) {
	log := &r.v.load.requests
	if !log.Wants(o.Bad()) {
		return
	}
	e := requests.Entry{
		Connect: clock.Ms(r.connect), FirstByte: reached(r.ttfb), TTFT: reached(r.ttft), E2E: reached(r.e2e),
		End: reached(r.end), Outcome: string(o), Status: r.status, PromptTokens: told(r.promptTokens),
		CompletionTokens: told(r.completionTokens), TraceID: r.trace, Tags: r.tags.Values,
	}
	if due := r.due; !math.IsNaN(due) {
		e.Due = &due
	}
	if sent := r.sentSinceStart(); sent >= 0 {
		e.Sent = &sent
	}
	if o.Bad() {
		e.Error = r.said()
	}
	if r.head != nil {
		e.RequestID = r.v.root.secrets.Line(r.head.Get("x-request-id"))
	}
	log.Add(e)
}

// reached is an offset in ms, nil for what did not happen.
func reached(ns int64) *float64 {
	if ns < 0 {
		return nil
	}
	ms := clock.Ms(ns)
	return &ms
}

// told is a number of tokens, nil where the usage did not say.
func told(tokens float64) *float64 {
	if tokens < 0 {
		return nil
	}
	return &tokens
}
