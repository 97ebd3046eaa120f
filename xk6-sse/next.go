package sse

import (
	"context"
	"runtime"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
)

// Next is next(): it waits for the VU's arrival.
func (v *VU) Next(sobek.FunctionCall) sobek.Value {
	state := v.vu.State()
	if state == nil {
		v.fail("next() cannot be used in the init context")
	}
	v.mustHaveSchedule("next()")
	ctx := v.vu.Context()
	v.enter()
	v.own.bind(ctx)
	v.begin(state)
	a, waited, ok := v.own.arrive(ctx)
	if !ok {
		return sobek.Null()
	}
	late := max(0, now()-v.root.ledger.start.Load()-a.scheduled)
	if waited {
		v.woke(late)
	}
	return v.arrival(a, late)
}

func (v *VU) mustHaveSchedule(call string) {
	if v.root.schedule == nil {
		v.fail(call + " needs a schedule in configure()")
	}
}

// arrive waits for the user's next arrival; false at the schedule's end, or the test's. `waited`: the user was there
// before it was due.
func (u *user) arrive(ctx context.Context) (a arrival, waited, ok bool) {
	v, s := u.v, u.v.root.schedule
	start := v.root.ledger.start.Load()
	for ctx.Err() == nil && v.root.signalName() == "" {
		claimedAt := now()
		v.root.meter.pass(claimedAt)
		a, ok, dropped, jumped := s.claim(claimedAt - start)
		v.pushDropped(dropped)
		if !ok {
			break
		}
		due := start + a.scheduled
		waited := due > claimedAt
		if waited && !u.until(ctx, due, jumped) {
			continue // jumped, or the end: see which
		}
		if s.hand(a, !waited && s.kind != "closed", jumped) {
			v.root.pulse(ctx, v.vu.State()) // again at each: the VU that pulsed may have come to its end
			return a, waited, true
		}
	}
	return arrival{}, false, false
}

// woke books how late a user that waited for its arrival got on with it: the generator's own lateness.
func (v *VU) woke(late int64) {
	v.shard.mu.Lock()
	defer v.shard.mu.Unlock()
	v.shard.wake.add(ms(late))
}

// begin starts the clock at the first next() of all, and takes this instance's share of the arrivals.
func (v *VU) begin(state *lib.State) {
	r := v.root
	if r.ledger.start.Load() != 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ledger.start.Load() != 0 {
		return
	}
	if segment := state.Options.ExecutionSegment; segment != nil {
		if tuple, err := lib.NewExecutionTuple(segment, state.Options.ExecutionSegmentSequence); err == nil {
			r.schedule.share(tuple)
		}
	}
	runtime.GC() // what making the VUs left behind is not to be cleared away during the load
	t := now()
	r.meter.begin(t)
	r.ledger.startedAt.Store(at(t).UnixNano())
	r.ledger.start.Store(t)
}

func (v *VU) arrival(a arrival, late int64) sobek.Value {
	o := v.vu.Runtime().NewObject()
	_ = o.Set("index", a.index)
	_ = o.Set("phase", v.root.schedule.phases[a.phase].name)
	_ = o.Set("scheduled", ms(a.scheduled))
	_ = o.Set("late", ms(late))
	return o
}

// Jump is jump().
func (v *VU) Jump(name string) {
	if v.root.schedule == nil || v.vu.State() == nil {
		v.fail("jump() needs a schedule that runs")
	}
	if t := v.root.ledger.sinceStart(now()); t >= 0 {
		v.pushDropped(v.root.schedule.jump(name, t))
	}
}

func (v *VU) pushDropped(n int64) {
	if n == 0 {
		return
	}
	state := v.vu.State()
	own := state.Tags.GetCurrentValues()
	b := &batch{tags: own.Tags, meta: own.Metadata}
	b.add(state.BuiltinMetrics.DroppedIterations, float64(n))
	v.push(b)
}

// Tick is tick(): true for one caller among all VUs once in so many seconds of the schedule. It is asked before each
// request, hence no Go types in its signature: sobek calls those by reflection.
func (v *VU) Tick(call sobek.FunctionCall) sobek.Value {
	start, seconds := v.root.ledger.start.Load(), call.Argument(0).ToFloat()
	rt := v.vu.Runtime()
	if start == 0 || !(seconds > 0) {
		return rt.ToValue(false)
	}
	at := now() - start
	last := v.root.ticked.Load()
	return rt.ToValue(at-last >= int64(seconds*float64(time.Second)) && v.root.ticked.CompareAndSwap(last, at))
}

// Planned is planned(): the schedule as it was laid out, for the record.
func (v *VU) Planned(limit int) sobek.Value {
	rt := v.vu.Runtime()
	o := rt.NewObject()
	due, more := []float64{}, false
	if v.root.laidOut != nil {
		due, more = planned(v.root.laidOut(), limit)
	}
	items := make([]any, len(due))
	for i, at := range due {
		items[i] = at
	}
	_ = o.Set("due", rt.NewArray(items...))
	_ = o.Set("more", more)
	return o
}
