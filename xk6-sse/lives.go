package sse

import (
	"context"
	"errors"
	"sync"
	"time"
)

// lives is what of a VU outlives one call: the iteration's context, the connections, the record not yet settled. The
// context's end reaches in from another goroutine, hence the lock.
type lives struct {
	root   *Root
	number int
	ctx    context.Context // of the iteration at hand; k6 makes a new one for each

	mu      sync.Mutex
	current *conn            // a request is under way on it
	idle    map[string]*conn // at most one for each scheme and host
	pending *Record          // came back from stream(), not settled yet
	linger  *time.Timer
}

// lingers is how long idle connections outlive an iteration, so that the VU's next one can take them over.
const lingers = time.Second

// bind ties the VU to the context of the iteration at hand.
func (l *lives) bind(ctx context.Context) {
	if ctx == l.ctx {
		return
	}
	l.root.watchSignals()
	l.mu.Lock()
	l.ctx = ctx
	if l.linger != nil {
		l.linger.Stop()
	}
	l.mu.Unlock()
	context.AfterFunc(ctx, func() { l.over(ctx) })
}

// over runs when the iteration's context is done: it wakes a blocked read and closes what nobody will use again.
func (l *lives) over(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx != ctx {
		return // the next iteration has taken over
	}
	if l.current != nil {
		_ = l.current.rw.SetDeadline(time.Unix(1, 0))
	}
	if l.pending != nil {
		l.pending.abandon(l.root.stopped(ctx))
		l.pending = nil
	}
	l.linger = time.AfterFunc(lingers, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.ctx == ctx {
			l.closeIdle()
		}
	})
}

func (l *lives) closeIdle() {
	for key, c := range l.idle {
		c.close()
		delete(l.idle, key)
	}
}

// stopped tells an iteration that was cut off from one that came to its end, where the context is cancelled as well.
func (r *Root) stopped(ctx context.Context) bool {
	return errors.Is(ctx.Err(), context.DeadlineExceeded) || r.signalName() != ""
}

// claim takes the idle connection to key, or nil.
func (l *lives) claim(key string) *conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.idle[key]
	delete(l.idle, key)
	l.current = c
	return c
}

// using makes c the connection that the context's end interrupts.
func (l *lives) using(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.current = c
}

// release keeps the connection in hand for the next request, or closes it.
func (l *lives) release(reusable bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.current
	l.current = nil
	if c == nil {
		return
	}
	if !reusable || l.ctx.Err() != nil {
		c.close()
		return
	}
	if l.idle == nil {
		l.idle = map[string]*conn{}
	}
	l.idle[c.key] = c
}

// hold remembers the record until it is settled; one that the last call left behind is lost.
func (l *lives) hold(r *Record) {
	l.mu.Lock()
	last := l.pending
	l.pending = r
	l.mu.Unlock()
	if last != nil {
		last.abandon(false)
	}
}
