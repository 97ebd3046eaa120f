package sse

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/fault"
	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// exchange is one request under way.
type exchange struct {
	u      *user
	ctx    context.Context
	state  *lib.State
	r      *Record
	p      *params
	c      *wire.Conn
	conns  *wire.Pool
	meter  *host.Meter
	faults *fault.Log
	bounds *bounds
	roots  *x509.CertPool
	proof  *proof // nil: the request is whole

	sent, last int64 // when the last byte was written, when the last body bytes came
	armed      int64 // the deadline that the connection has
	delays     []int64

	alike     content.Alike
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
}

// run performs the request and fills in the record.
func (x *exchange) run() {
	r := x.r
	err := x.guarded()
	reusable := err == nil && r.reusable && !x.r.apart
	r.end = x.sinceSent(clock.Now())
	if x.c != nil {
		// another user may have the connection before they are booked
		x.u.delays = append(x.u.delays[:0], x.c.Delays...)
		x.delays = x.u.delays
		if !r.probe && r.head != nil {
			x.conns.Count(x.c)
		}
		if err == nil {
			r.end = x.sinceSent(x.c.At)
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
	x.u.text = wire.Emptied(x.u.text)
	x.u.parser.Reset()
	x.u.parser.Room = nil // it is a method of x: a user who waits for its next arrival kept the last answer by it
	x.u.release(reusable)
	x.conclude(err)
	x.doubt()
	x.u.found.Forget()
	r.slim()
	if r.probe {
		r.purse.empty()
	}
}

// guarded performs the request. A fault of ours ends this one and no other.
func (x *exchange) guarded() (err error) {
	defer x.faults.Guard("performing a request", func(sentence string) {
		err = outcome.Failed(outcome.Malformed, "%s", sentence)
	})
	return x.perform()
}

// conclude names the outcome.
func (x *exchange) conclude(err error) {
	r := x.r
	defer x.faults.Guard("judging an answer", func(sentence string) { r.outcome, r.err = outcome.Malformed, sentence })
	r.outcome, r.err = x.judge(err)
	r.err = r.v.root.secrets.Line(r.err)
	r.settleTokens(r.contentEvents > 0 || x.p.output)
}

func (x *exchange) sinceSent(t int64) int64 {
	if x.sent == 0 {
		return -1
	}
	return t - x.sent
}

// perform sends the request, on a kept connection where there is one. It is sent again, once and on a new connection,
// only when the kept one broke before the server could read any of it: what was billed once must not be billed twice,
// and what the target broke is the target's failure.
func (x *exchange) perform() error {
	if limit := x.state.RPSLimit; limit != nil {
		if err := limit.Wait(x.ctx); err != nil {
			return err
		}
	}
	if x.proof != nil {
		if err := x.prove(); err != nil {
			return err
		}
	}
	x.u.text, x.u.opening = x.u.text[:0], x.u.opening[:0]
	x.u.parser.Room = x.parserRoom
	x.u.parser.Reset()
	if x.takeKept() {
		x.r.reused = true
		h, err := x.ask()
		var unread *wire.Unread
		if !errors.As(err, &unread) || x.ctx.Err() != nil {
			return x.answer(h, err)
		}
		x.again(err)
	}
	began := clock.Now()
	fresh, err := x.conns.Connect(x.ctx, x.dialer(), x.r.to, x.dialLimit())
	if err != nil {
		return x.unconnected(err)
	}
	x.r.connect = clock.Now() - began
	x.use(fresh)
	if stray, _ := x.c.Look(); stray != nil {
		return outcome.Failed(outcome.Malformed, "the target sent bytes before a request was sent: %q", stray)
	}
	h, err := x.ask()
	return x.answer(h, err)
}

// takeKept takes a kept connection on which nothing has come since its last answer. One that the server has closed is
// dropped, and so is one on which bytes lie: they are the answer to no request, and would be read as this one's.
func (x *exchange) takeKept() bool {
	for !x.r.apart {
		c := x.u.claim(x.r.to)
		if c == nil {
			return false
		}
		stray, err := c.Look()
		if stray == nil && err == nil {
			x.use(c)
			return true
		}
		if stray != nil {
			x.r.remark(ledger.RemarkStray, fmt.Sprintf("%q", stray))
		}
		x.u.release(false)
	}
	return false
}

// again notes that the request goes out once more. Its times count from the first sending.
func (x *exchange) again(why error) {
	x.r.resent, x.r.reused = true, false
	x.r.remark(ledger.RemarkResent, plain(why))
	x.u.release(false)
	x.c = nil
}

func (x *exchange) dialLimit() time.Duration {
	const longest = 30 * time.Second // k6's own
	if x.p.total > 0 && x.p.total < int64(longest) {
		return time.Duration(x.p.total)
	}
	return longest
}

func (x *exchange) use(c *wire.Conn) {
	x.c = c
	x.u.using(c)
	c.Begin()
}

// ask writes the request and reads the answer's head.
func (x *exchange) ask() (*wire.Head, error) {
	x.last = 0
	from := clock.Now()
	if x.r.resent {
		from = x.sent
	}
	x.arm(x.deadlineFrom(from))
	if x.ctx.Err() != nil {
		return nil, x.ctx.Err()
	}
	sent, err := x.c.Send(x.u.out)
	if !x.r.resent {
		x.r.sent, x.sent = sent, sent
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, outcome.Failed(outcome.TimeoutFirst, "the request could not be written within %v",
			time.Duration(x.p.first))
	}
	if err != nil {
		return nil, err
	}
	h, err := x.c.Head(x.fill)
	if err == nil && !x.r.resent {
		x.sent = x.c.Sent(sent)
		x.r.sent = x.sent
	}
	return h, err
}

// fill reads once. The connection's deadline is put off only when it strikes: setting it for each read would cost more
// than the read.
func (x *exchange) fill() error {
	for {
		err := x.c.Fill()
		x.meter.Pass(x.c.At)
		if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		if x.ctx.Err() != nil {
			return x.ctx.Err()
		}
		due, meaning := x.deadline()
		if clock.Now() >= due {
			inTime, err := x.c.Came(due)
			if err != nil {
				return err
			}
			if !inTime {
				return meaning
			}
			x.arm(due) // it strikes again at once, until all that came in time has been read
			return nil
		}
		if due == math.MaxInt64 {
			due = clock.Now() + int64(24*time.Hour)
		}
		x.arm(due)
	}
}
