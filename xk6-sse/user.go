package sse

import (
	"context"
	"sync"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// user is one of those that a VU plays: it has at most one request in hand. A VU plays one in stream(), and as many
// as it is told in serve(). What the context's end reaches from another goroutine is locked.
type user struct {
	v      *VU
	number int // among the VU's, from 0
	conns  *wire.Pool
	ctx    context.Context // of the iteration at hand; k6 makes a new one for each

	parser wire.Parser
	found  content.Found // in the last event, or in the document
	out    []byte        // the request being written
	pieces []string      // its body, see bodyOf
	text   []byte        // the stream's text so far
	// what the answer began with, to name what came
	opening []byte
	size    int // of the last document
	events  int // content events of the last stream, at most eventsExpected
	delays  []int64
	token   string // the last one that authenticated a request
	resting int64  // before the next arrival, ns
	clock.Sleeper

	mu      sync.Mutex
	current *wire.Conn // a request is under way on it
	pending *Record    // came back from stream(), not settled yet
	linger  *time.Timer
}

// newUser makes one of this VU's.
func (v *VU) newUser() *user { return &user{v: v, conns: v.root.conns} }

// lingers is how long idle connections outlive an iteration, so that the VU's next one can take them over.
const lingers = time.Second

// bind ties the VU to the context of the iteration at hand.
func (u *user) bind(ctx context.Context) {
	if ctx == u.ctx {
		return
	}
	u.mu.Lock()
	u.ctx = ctx
	if u.linger != nil {
		u.linger.Stop()
	}
	u.mu.Unlock()
	context.AfterFunc(ctx, func() { u.over(ctx) })
}

// over runs when the iteration's context is done: it wakes a blocked read and closes what nobody will use again.
func (u *user) over(ctx context.Context) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ctx != ctx {
		return // the next iteration has taken over
	}
	if u.current != nil {
		u.current.Interrupt()
	}
	if u.pending != nil {
		u.pending.abandon(u.v.load.signals.CutOff(ctx))
		u.pending = nil
	}
	u.linger = time.AfterFunc(lingers, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.ctx == ctx {
			u.conns.CloseIdle()
		}
	})
}

// claim takes an idle connection to the target, or nil.
func (u *user) claim(to *wire.Target) *wire.Conn {
	c := u.conns.Take(to)
	u.using(c)
	return c
}

// using makes c the connection that the context's end interrupts.
func (u *user) using(c *wire.Conn) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.current = c
}

// release keeps the connection in hand for the next request, or closes it.
func (u *user) release(reusable bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	c := u.current
	u.current = nil
	if c == nil {
		return
	}
	if !reusable || u.ctx.Err() != nil {
		_ = c.Close()
		return
	}
	u.conns.Put(c)
}

// hold remembers the record until it is settled; one that the last call left behind is lost.
func (u *user) hold(r *Record) {
	u.mu.Lock()
	last := u.pending
	u.pending = r
	u.mu.Unlock()
	if last != nil {
		last.abandon(false)
	}
}

// settled forgets the record: it has been booked.
func (u *user) settled(r *Record) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.pending == r {
		u.pending = nil
	}
}
