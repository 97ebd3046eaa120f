package sse

import (
	"context"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

// pulseEvery: whoever looks once a second finds a value in each second.
const pulseEvery = 500 * time.Millisecond

// pulse pushes the metrics that say how the load stands, till ctx (of a VU's iteration) is done; one goroutine at a
// time does. What happens in requests cannot tell of a second in which none began or ended.
func (r *Root) pulse(ctx context.Context, state *lib.State) {
	if len(r.pulsed) == 0 || !r.pulsing.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer r.pulsing.Store(false)
		ticker := time.NewTicker(pulseEvery)
		defer ticker.Stop()
		for ctx.Err() == nil {
			r.pushPulse(ctx, state)
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}()
}

func (r *Root) pushPulse(ctx context.Context, state *lib.State) {
	at := now()
	r.meter.pass(at)
	t := r.ledger.sinceStart(at)
	r.schedule.mu.Lock()
	rate, wanted := r.schedule.rate(t)
	phase := r.schedule.phaseAt(t)
	r.schedule.mu.Unlock()
	own := state.Tags.GetCurrentValues()
	tags := own.Tags
	if phase >= 0 {
		tags = tags.With("phase", r.schedule.phases[phase].name) // names never change
	}
	b := &batch{tags: tags, meta: own.Metadata}
	for _, m := range r.pulsed {
		switch {
		case m.Pulse == "inFlight":
			b.add(m.metric, float64(r.ledger.inFlight.Load()))
		case m.Pulse == "cpu":
			if t >= int64(time.Second) { // there is no whole second to tell of before
				b.add(m.metric, float64(r.meter.last.Load())/1e6)
			}
		case wanted:
			b.add(m.metric, rate)
		}
	}
	if len(b.samples) == 0 {
		return
	}
	b.stamp()
	metrics.PushIfNotDone(ctx, state.Samples, b.samples)
}
