package sse

import (
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// Record is one request as JavaScript sees it. It is a sobek.DynamicObject: a member is made when the script looks at
// it, which keeps the thousands of requests cheap whose bodies and offsets nobody reads. Times are ns from sending.
type Record struct {
	v      *VU
	u      *user         // whose request it is
	shard  *ledger.Shard // where it is booked
	to     *wire.Target
	method string
	tags   *tagSet
	limits []limit
	phase  int // -1: none
	probe  bool
	apart  bool
	trace  string // of a traceparent that says sampled; "" without one
	span   string
	due    float64 // the arrival's scheduled time, ms; NaN without one
	held   int64   // from then until a user was free for it, ns

	head        *wire.Head // nil when no answer came
	status      int
	document    []byte
	outcome     outcome.Outcome
	err         string
	streamError string // what an error's body says

	connect                                 int64
	reused, reusable, done                  bool
	resent                                  bool  // it went out a second time
	sent                                    int64 // on the clock's scale, 0: never
	ttfb, firstChunk, ttft, ttfo, e2e, end  int64
	offsets                                 []int64
	events, contentEvents, reads, bytes     int64
	lateShared                              int64 // content events that shared a read which came late
	text, finish                            string
	tools                                   []string // what the events say of tool calls, where that is kept
	toolBytes                               int
	promptTokens, completionTokens, counted float64
	besidePrompt                            float64 // tokens of the prompt that promptTokens does not count
	totalTokens                             float64 // as the usage has it: tells whether reasoning is counted apart
	reasoningTokens, cachedTokens           float64
	saidBytes, reasoningBytes               int64 // of output in all, of reasoning among it
	leftOpen                                bool  // the response did not end by itself
	remarks                                 []ledger.RemarkView
	vectors                                 *content.Vectors // nil: they were not looked at
	purse                                   purse            // what it holds of the memory for all answers
	state                                   atomic.Int32
	madeOffsets, madeHeaders                sobek.Value
}

// The states of a record. Exactly one of settling, losing and interrupting it books it.
const (
	recordOpen int32 = iota
	recordBooked
)

func newRecord(u *user, q *prepared, due float64) *Record {
	return &Record{
		trace: q.trace, span: q.span, limits: q.limits,
		v: u.v, u: u, shard: u.v.shard, to: q.to, method: q.method, tags: q.tags, phase: -1, probe: q.probe,
		apart: q.apart, due: due,
		ttfb: -1, firstChunk: -1, ttft: -1, ttfo: -1, e2e: -1, end: -1,
		promptTokens: -1, completionTokens: -1, counted: -1,
		totalTokens: -1, reasoningTokens: -1, cachedTokens: -1, purse: purse{of: &u.v.load.budget},
	}
}

var recordKeys = []string{
	"url", "status", "headers", "body", "outcome", "error", "connect", "reused", "protocol", "sent", "queue",
	"ttfb", "firstChunk", "ttft", "ttfo", "e2e", "end", "sentAt", "offsets", "events", "contentEvents", "reads",
	"text", "toolCalls", "finish", "promptTokens", "completionTokens", "reasoningTokens", "cachedTokens", "counted", "done", "vectors",
	"bytes", "remarks", "settle",
}

// Get makes the member's value.
func (r *Record) Get(key string) sobek.Value {
	rt := r.v.vu.Runtime()
	switch key {
	case "url":
		return rt.ToValue(r.to.Shown)
	case "status":
		return rt.ToValue(r.status)
	case "headers":
		return r.headers(rt)
	case "body":
		return rt.ToValue(r.clean(strings.ToValidUTF8(string(r.body()), "\uFFFD")))
	case "outcome":
		return rt.ToValue(string(r.outcome))
	case "error":
		return rt.ToValue(r.err)
	case "connect":
		return rt.ToValue(clock.Ms(r.connect))
	case "reused":
		return rt.ToValue(r.reused)
	case "protocol":
		if r.head == nil {
			return rt.ToValue("")
		}
		return rt.ToValue(r.head.Protocol)
	case "sent":
		return rt.ToValue(r.sentSinceStart())
	case "sentAt":
		return rt.ToValue(r.sentSinceBoot())
	case "queue":
		return rt.ToValue(r.queue())
	case "ttfb":
		return offset(rt, r.ttfb)
	case "firstChunk":
		return offset(rt, r.firstChunk)
	case "ttft":
		return offset(rt, r.ttft)
	case "ttfo":
		return offset(rt, r.ttfo)
	case "e2e":
		return offset(rt, r.e2e)
	case "end":
		return offset(rt, r.end)
	case "offsets":
		return r.offsetArray(rt)
	case "events":
		return rt.ToValue(r.events)
	case "contentEvents":
		return rt.ToValue(r.contentEvents)
	case "reads":
		return rt.ToValue(r.reads)
	case "text":
		return rt.ToValue(r.clean(r.text))
	case "toolCalls":
		parts := make([]any, len(r.tools))
		for i, part := range r.tools {
			parts[i] = r.clean(part)
		}
		return rt.NewArray(parts...)
	case "finish":
		return rt.ToValue(r.v.root.secrets.Line(r.finish))
	case "promptTokens":
		return rt.ToValue(r.promptTokens)
	case "completionTokens":
		return rt.ToValue(r.completionTokens)
	case "reasoningTokens":
		return rt.ToValue(r.reasoningTokens)
	case "cachedTokens":
		return rt.ToValue(r.cachedTokens)
	case "remarks":
		names := make([]any, len(r.remarks))
		for i, told := range r.remarks {
			names[i] = told.Remark
		}
		return rt.NewArray(names...)
	case "counted":
		return rt.ToValue(r.counted)
	case "vectors":
		return r.vectorsValue(rt)
	case "done":
		return rt.ToValue(r.done)
	case "bytes":
		return rt.ToValue(r.bytes)
	case "settle":
		return r.v.settle
	}
	return nil
}

// body is what a script sees of a document. Of one that is nested without end it sees the beginning: scripts parse what
// they see, their parser recurses, and 1 MB of brackets took it 630 MB and ten seconds.
func (r *Record) body() []byte {
	body := r.document[:min(len(r.document), shownLimit)]
	if content.Nested(body) {
		body = body[:openingSize]
	}
	return body
}

// Set refuses: what was measured stays as it was.
func (r *Record) Set(string, sobek.Value) bool { return false }

// Has tells whether it is a member.
func (r *Record) Has(key string) bool { return slices.Contains(recordKeys, key) }

// Delete refuses.
func (r *Record) Delete(string) bool { return false }

// Keys lists the members.
func (r *Record) Keys() []string { return recordKeys }

// clean is text of the target without secrets and without what a terminal obeys, with its line breaks.
func (r *Record) clean(text string) string { return r.v.root.secrets.Lines(text) }

func offset(rt *sobek.Runtime, ns int64) sobek.Value {
	if ns < 0 {
		return rt.ToValue(-1)
	}
	return rt.ToValue(clock.Ms(ns))
}

// sentSinceStart is the record's `sent`: ms since the schedule's start; -1 without a schedule or when it never was.
func (r *Record) sentSinceStart() float64 {
	if r.sent == 0 {
		return -1
	}
	if since := r.v.load.ledger.SinceStart(r.sent); since >= 0 {
		return clock.Ms(since)
	}
	return -1
}

// sentSinceBoot is the record's `sentAt`: ns on CLOCK_MONOTONIC; -1 when it never was sent, or where that clock cannot
// be read. A float64 holds it exactly for 104 days of uptime.
func (r *Record) sentSinceBoot() float64 {
	if r.sent == 0 {
		return -1
	}
	return float64(clock.Boot(r.sent))
}

// bookedAt is the time that its values belong to, ns since the schedule's start: when it was due, or sent where nothing
// was due.
func (r *Record) bookedAt() int64 {
	switch {
	case !math.IsNaN(r.due):
		return int64(r.due * 1e6)
	case r.sent != 0:
		return r.v.load.ledger.SinceStart(r.sent)
	}
	return ledger.NoTime
}

func (r *Record) queue() float64 {
	sent := r.sentSinceStart()
	if math.IsNaN(r.due) || sent < 0 {
		return 0
	}
	return math.Max(0, sent-r.due)
}

func (r *Record) headers(rt *sobek.Runtime) sobek.Value {
	if r.madeHeaders == nil {
		o := rt.NewObject()
		if r.head != nil {
			for _, h := range r.head.Headers {
				_ = o.Set(r.v.root.secrets.Line(strings.ToLower(h.Name)), r.v.root.secrets.Line(r.head.Get(h.Name)))
			}
		}
		r.madeHeaders = o
	}
	return r.madeHeaders
}

func (r *Record) offsetArray(rt *sobek.Runtime) sobek.Value {
	if r.madeOffsets == nil {
		items := make([]any, len(r.offsets))
		for i, ns := range r.offsets {
			items[i] = clock.Ms(ns)
		}
		r.madeOffsets = rt.NewArray(items...)
	}
	return r.madeOffsets
}

// gaps are the times between successive content events, ms.
func (r *Record) gaps() []float64 {
	if len(r.offsets) < 2 {
		return nil
	}
	gaps := make([]float64, len(r.offsets)-1)
	for i := range gaps {
		gaps[i] = clock.Ms(r.offsets[i+1] - r.offsets[i])
	}
	return gaps
}

// remark tells something of the answer, each once, with the particulars of the first.
func (r *Record) remark(what, particulars string) {
	for _, told := range r.remarks {
		if told.Remark == what {
			return
		}
	}
	if particulars != "" {
		particulars = r.v.root.secrets.Line(particulars)
	}
	r.remarks = append(r.remarks, ledger.RemarkView{Remark: what, Count: 1, Example: particulars})
}
