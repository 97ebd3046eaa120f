package sse

import (
	"context"
	"sync"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// user is one of those that a VU plays: it has at most one request in hand. A VU plays one in stream(), and as many
// as it is told in serve(). What the context's end reaches from another goroutine is locked.
type user struct {
	v     *VU
	conns *connections
	ctx   context.Context // of the iteration at hand; k6 makes a new one for each

	parser parser
	out    []byte // the request being written
	text   []byte // the stream's text so far
	size   int    // of the last document
	events int    // content events of the last stream, at most eventsExpected
	delays []int64
	// what the answer began with, to name what came
	opening []byte
	clock.Sleeper

	mu      sync.Mutex
	current *conn   // a request is under way on it
	pending *Record // came back from stream(), not settled yet
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
		_ = u.current.rw.SetDeadline(time.Unix(1, 0))
	}
	if u.pending != nil {
		u.pending.abandon(u.v.load.signals.cutOff(ctx))
		u.pending = nil
	}
	u.linger = time.AfterFunc(lingers, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.ctx == ctx {
			u.conns.idle.close()
		}
	})
}

// claim takes an idle connection to key, or nil.
func (u *user) claim(key string) *conn {
	c := u.conns.idle.take(key)
	u.using(c)
	return c
}

// using makes c the connection that the context's end interrupts.
func (u *user) using(c *conn) {
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
		c.close()
		return
	}
	u.conns.idle.put(c)
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
