package sse

import (
	"context"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// pulseEvery: whoever looks once a second finds a value in each second.
const pulseEvery = 500 * time.Millisecond

// pulse pushes the metrics that say how the load stands, and tells it in a line now and then, till ctx (of a VU's
// iteration) is done; one goroutine at a time does. What happens in requests cannot tell of a second in which none began or ended.
func (l *load) pulse(ctx context.Context, state *lib.State) {
	if len(l.pulsed) == 0 && l.progress.every == 0 || !l.pulsing.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer l.pulsing.Store(false)
		ticker := time.NewTicker(pulseEvery)
		defer ticker.Stop()
		for ctx.Err() == nil {
			l.pushPulse(ctx, state)
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}()
}

func (l *load) pushPulse(ctx context.Context, state *lib.State) {
	at := clock.Now()
	l.meter.Pass(at)
	t := l.ledger.SinceStart(at)
	if line := l.line(&l.progress, t); line != "" {
		state.Logger.Info(line)
	}
	rate, wanted := l.schedule.Rate(t)
	own := state.Tags.GetCurrentValues()
	tags := own.Tags
	if phase := l.schedule.Name(l.schedule.PhaseAt(t)); phase != "" {
		tags = tags.With("phase", phase)
	}
	now := &moment{tags: tags, meta: own.Metadata}
	for _, m := range l.pulsed {
		switch {
		case m.Pulse == "inFlight":
			now.add(m.K6, float64(l.ledger.InFlight()))
		case m.Pulse == "cpu":
			if t >= int64(time.Second) { // there is no whole second to tell of before
				cpu, _ := l.meter.CPU()
				now.add(m.K6, cpu)
			}
		case wanted:
			now.add(m.K6, rate)
		}
	}
	if len(now.samples) == 0 {
		return
	}
	now.stamp(l)
	metrics.PushIfNotDone(ctx, state.Samples, now.samples)
}
