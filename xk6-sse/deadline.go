package sse

import (
	"math"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

func (x *exchange) arm(due int64) {
	x.armed = due
	x.c.Until(due)
	if x.ctx.Err() != nil { // it ended meanwhile, and its deadline has just been overwritten
		x.c.Interrupt()
	}
}

// The deadline of the state that the exchange is in, and what it means when it has passed. A stream has two clocks:
// bytes must come, and so must content. Once the answer has begun, the first content has as long as the first byte had,
// and the next ones as long as bytes have: who waits for an answer is not helped by comments.
func (x *exchange) deadline() (due int64, meaning error) {
	due = math.MaxInt64
	sooner := func(from, limit int64, o outcome.Outcome, format string) {
		if limit > 0 && from+limit < due {
			due, meaning = from+limit, outcome.Failed(o, format, time.Duration(limit))
		}
	}
	isStream := x.reading == kindUnknown || x.reading == kindEvents
	switch {
	case x.overAt != 0:
		due, meaning = x.overAt+int64(grace), errLeftOpen
	case x.last == 0:
		sooner(x.sent, x.p.first, outcome.TimeoutFirst, "no body byte came within %v")
	default:
		sooner(x.last, x.p.idle, outcome.TimeoutIdle, "nothing came for %v")
		if isStream && x.progress == 0 {
			sooner(x.sent+x.r.ttfb, x.p.first, outcome.TimeoutFirst,
				"no content came within %v of the answer's beginning, though other bytes did")
		} else if isStream {
			sooner(x.progress, x.p.idle, outcome.TimeoutIdle, "no content came for %v, though other bytes did")
		}
	}
	sooner(x.sent, x.p.total, outcome.TimeoutTotal, "the answer took longer than %v")
	sooner(x.sent, x.p.cancelAt, outcome.Cancelled, "cancelled after %v, as asked")
	return due, meaning
}

// deadlineFrom is the earliest that the deadline can be for a request written from t on.
func (x *exchange) deadlineFrom(t int64) int64 {
	due := int64(math.MaxInt64)
	for _, limit := range []int64{x.p.first, x.p.total, x.p.cancelAt} {
		if limit > 0 {
			due = min(due, t+limit)
		}
	}
	if due == math.MaxInt64 {
		due = t + int64(24*time.Hour)
	}
	return due
}
