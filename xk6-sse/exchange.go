package sse

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"time"

	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// exchange is one request under way.
type exchange struct {
	u      *user
	ctx    context.Context
	state  *lib.State
	r      *Record
	p      *params
	c      *conn
	conns  *connections
	meter  *host.Meter
	safety *safety

	sent, last int64 // when the last byte was written, when the last body bytes came
	armed      int64 // the deadline that the connection has
	delays     []int64

	alike     alike
	lastRead  int64 // number of the read that brought the last content event
	streamErr string
	malformed string

	reading      kind  // what the body is
	progress     int64 // when the last content, or the finish reason, came
	overAt       int64 // when the answer was over for who reads it, though the response goes on
	flushing     bool  // the stream has ended, and this is what it left
	unterminated bool  // the last event had no blank line
	refused      error // why reading ended before the answer did
	noRoom       error // why the parser may not hold more

	documentRoom, textRoom int64 // what may be held of them
	contents               int64 // events with content that the stream may have; 0: any number
}

// run performs the request and fills in the record.
func (x *exchange) run() {
	r := x.r
	err := x.guarded()
	reusable := err == nil && r.reusable && !x.r.apart
	r.end = x.sinceSent(clock.Now())
	if x.c != nil {
		// another user may have the connection before they are booked
		x.u.delays = append(x.u.delays[:0], x.c.delays...)
		x.delays = x.u.delays
		x.conns.clocked(x)
		if err == nil {
			r.end = x.sinceSent(x.c.stamp)
		}
		if r.leftOpen {
			r.end = x.sinceSent(x.overAt)
		}
	}
	if len(r.offsets) > 0 {
		x.u.events = min(len(r.offsets)+1, eventsExpected)
	}
	if len(x.u.text) > 0 {
		r.text = strings.ToValidUTF8(string(x.u.text), "\uFFFD")
	}
	x.u.text = small(x.u.text)
	x.u.parser.reset()
	x.u.release(reusable)
	x.conclude(err)
	r.slim()
	if r.probe {
		r.purse.empty()
	}
}

// guarded performs the request. A fault of ours ends this one and no other.
func (x *exchange) guarded() (err error) {
	defer x.safety.faults.guard("performing a request", func(sentence string) { err = failed("malformed", "%s", sentence) })
	return x.perform()
}

// conclude names the outcome.
func (x *exchange) conclude(err error) {
	r := x.r
	defer x.safety.faults.guard("judging an answer", func(sentence string) { r.outcome, r.err = "malformed", sentence })
	r.outcome, r.err = x.judge(err)
	r.settleTokens()
}

func (x *exchange) sinceSent(t int64) int64 {
	if x.sent == 0 {
		return -1
	}
	return t - x.sent
}

// perform sends the request, on a kept connection first: one that the server has closed meanwhile is replaced, once.
func (x *exchange) perform() error {
	if limit := x.state.RPSLimit; limit != nil {
		if err := limit.Wait(x.ctx); err != nil {
			return err
		}
	}
	x.u.text, x.u.opening = x.u.text[:0], x.u.opening[:0]
	x.u.parser.room = x.parserRoom
	x.u.parser.reset()
	var kept *conn
	if !x.r.apart {
		kept = x.u.claim(x.r.to.key)
	}
	if kept != nil {
		x.use(kept)
		x.r.reused = true
		h, err := x.ask()
		if !x.stale(err) {
			return x.answer(h, err)
		}
		x.u.release(false)
		x.r.reused = false
	}
	began := clock.Now()
	fresh, err := x.conns.connect(x.ctx, x.state, x.r.to, x.dialLimit())
	if err != nil {
		return failed("connect", "no connection to %s: %s", x.r.to.url.Host, plain(err))
	}
	x.r.connect = clock.Now() - began
	x.use(fresh)
	h, err := x.ask()
	return x.answer(h, err)
}

func (x *exchange) dialLimit() time.Duration {
	const longest = 30 * time.Second // k6's own
	if x.p.total > 0 && x.p.total < int64(longest) {
		return time.Duration(x.p.total)
	}
	return longest
}

func (x *exchange) use(c *conn) {
	x.c = c
	x.u.using(c)
	c.delays, c.r, c.w, c.atRead = c.delays[:0], 0, 0, false
}

// stale: the connection broke before any byte of an answer, so the server had closed it while it was idle.
func (x *exchange) stale(err error) bool {
	var f *failure
	return err != nil && x.ctx.Err() == nil && !errors.As(err, &f) && x.c.w == 0
}

// ask writes the request and reads the answer's head.
func (x *exchange) ask() (*head, error) {
	x.r.sent, x.sent, x.last = 0, 0, 0
	x.arm(x.deadlineFrom(clock.Now()))
	if x.ctx.Err() != nil {
		return nil, x.ctx.Err()
	}
	_, err := x.c.rw.Write(x.u.out)
	x.sent = clock.Now()
	if x.c.h2 != nil {
		x.sent = x.c.h2.wrote
	}
	x.r.sent = x.sent
	x.c.stamp = max(x.c.stamp, x.sent) // an answer that overtook the write's return came at 0, not before it
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, failed("timeout_first", "the request could not be written within %v", time.Duration(x.p.first))
	}
	if err != nil {
		return nil, err
	}
	if x.c.h2 != nil {
		return x.c.h2.fetch(x.fill)
	}
	return readHead(x.c, x.fill)
}

func (x *exchange) arm(due int64) {
	x.armed = due
	_ = x.c.rw.SetDeadline(clock.At(due))
	if x.ctx.Err() != nil { // it ended meanwhile, and its deadline has just been overwritten
		_ = x.c.rw.SetDeadline(time.Unix(1, 0))
	}
}

// The deadline of the state that the exchange is in, and what it means when it has passed. A stream has two clocks: bytes
// must come, and so must content. Once the answer has begun, the first content has as long as the first byte had, and the
// next ones as long as bytes have: who waits for an answer is not helped by comments.
func (x *exchange) deadline() (due int64, meaning error) {
	due = math.MaxInt64
	sooner := func(from, limit int64, o outcome.Outcome, format string) {
		if limit > 0 && from+limit < due {
			due, meaning = from+limit, failed(o, format, time.Duration(limit))
		}
	}
	isStream := x.reading == kindUnknown || x.reading == kindEvents
	switch {
	case x.overAt != 0:
		due, meaning = x.overAt+int64(grace), errLeftOpen
	case x.last == 0:
		sooner(x.sent, x.p.first, "timeout_first", "no body byte came within %v")
	default:
		sooner(x.last, x.p.idle, "timeout_idle", "nothing came for %v")
		if isStream && x.progress == 0 {
			sooner(x.sent+x.r.ttfb, x.p.first, "timeout_first", "no content came within %v of the answer's beginning, though other bytes did")
		} else if isStream {
			sooner(x.progress, x.p.idle, "timeout_idle", "no content came for %v, though other bytes did")
		}
	}
	sooner(x.sent, x.p.total, "timeout_total", "the answer took longer than %v")
	sooner(x.sent, x.p.cancelAt, "cancelled", "cancelled after %v, as asked")
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

// fill reads once. The connection's deadline is put off only when it strikes: setting it for each read would cost more
// than the read.
func (x *exchange) fill() error {
	for {
		err := x.c.fill()
		x.meter.Pass(x.c.stamp)
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		if x.ctx.Err() != nil {
			return x.ctx.Err()
		}
		due, meaning := x.deadline()
		if clock.Now() >= due {
			return meaning
		}
		if due == math.MaxInt64 {
			due = clock.Now() + int64(24*time.Hour)
		}
		x.arm(due)
	}
}
