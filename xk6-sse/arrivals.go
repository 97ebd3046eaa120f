package sse

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/schedule"
)

// arrive waits for the user's next arrival; false at the schedule's end, or the test's. `waited`: the user was there
// before it was due; else `held` is how long after that the user became free, ns. It may be schedule.Begins.
func (u *user) arrive(ctx context.Context) (a schedule.Arrival, waited bool, held int64, ok bool) {
	l := u.v.load
	start := l.ledger.Start()
	for ctx.Err() == nil && l.signals.Asked() == "" {
		claimedAt := clock.Now()
		l.meter.Pass(claimedAt)
		a, ok, dropped, jumped := l.schedule.Claim(claimedAt - start)
		u.v.pushDropped(dropped)
		if !ok {
			break
		}
		if a.Phase == schedule.Begins {
			return a, true, 0, true
		}
		due := start + a.Due
		if a.Phase == schedule.Waits {
			u.Until(ctx, due, jumped)
			l.schedule.Leave(jumped)
			continue
		}
		waited := due > claimedAt
		if waited && !u.Until(ctx, due, jumped) {
			continue // jumped, or the end: see which
		}
		if l.schedule.Hand(a, waited, jumped) {
			l.pulse(ctx, u.v.vu.State()) // again at each: the VU that pulsed may have come to its end
			return a, waited, max(0, claimedAt-due), true
		}
	}
	return schedule.Arrival{}, false, 0, false
}

// breath is how long a place in flight stays empty at the least after a request that failed: a target that refuses at
// once is not flooded by a phase that holds a number in flight.
const breath = 250 * time.Millisecond

// leave gives up the place in flight of an arrival. Only a phase that holds a number in flight has users wait for it.
func (u *user) leave(ctx context.Context, a schedule.Arrival, failed bool) {
	l := u.v.load
	if failed && l.schedule.Holds(a.Phase) {
		u.Until(ctx, l.ledger.Start()+a.Due+int64(breath), nil)
	}
	l.schedule.Over(clock.Now() - l.ledger.Start())
}

// rest lets a user pause before its next arrival, as the script said after the last answer: until the load's end at the
// latest.
func (u *user) rest(ctx context.Context) {
	if u.resting == 0 {
		return
	}
	l := u.v.load
	u.Until(ctx, min(clock.Now()+u.resting, l.ledger.Start()+l.schedule.End()), nil)
	u.resting = 0
}

// arrival is what ask() of serve() gets; `late` ns.
func (v *VU) arrival(a schedule.Arrival, late int64) sobek.Value {
	o := v.vu.Runtime().NewObject()
	_ = o.Set("index", a.Index)
	_ = o.Set("phase", v.load.schedule.Name(a.Phase))
	_ = o.Set("scheduled", clock.Ms(a.Due))
	_ = o.Set("late", clock.Ms(late))
	return o
}

// Jump is jump().
func (v *VU) Jump(name string) {
	if v.load.schedule == nil || v.vu.State() == nil {
		v.fail("jump() needs a schedule that runs")
	}
	if t := v.load.ledger.SinceStart(clock.Now()); t >= 0 {
		v.pushDropped(v.load.schedule.Jump(name, t))
	}
}

// SetRate is setRate().
func (v *VU) SetRate(name string, rate float64) {
	if v.load.schedule == nil || v.vu.State() == nil {
		v.fail("setRate() needs a schedule that runs")
	}
	if !v.load.schedule.SetRate(name, rate) {
		v.fail(fmt.Sprintf("setRate(%q, %v) takes a phase of a rate that has not begun, and a rate of 0 or more", name, rate))
	}
}

func (v *VU) pushDropped(n int64) {
	if n == 0 {
		return
	}
	state := v.vu.State()
	own := state.Tags.GetCurrentValues()
	m := &moment{tags: own.Tags, meta: own.Metadata}
	m.add(state.BuiltinMetrics.DroppedIterations, float64(n))
	v.push(m)
}

// Planned is planned(): the schedule as it was laid out, for the record.
func (v *VU) Planned(limit int) sobek.Value {
	rt := v.vu.Runtime()
	o := rt.NewObject()
	var due []int64
	more := false
	if v.load.schedule != nil {
		due, more = v.load.schedule.Planned(limit)
	}
	items := make([]any, len(due))
	for i, at := range due {
		items[i] = clock.Ms(at)
	}
	_ = o.Set("due", rt.NewArray(items...))
	_ = o.Set("more", more)
	return o
}
