package sse

import (
	"math"
	"math/rand/v2"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// started books a request that is about to be sent.
func (v *VU) started(r *Record) {
	l := v.load
	t := clock.Now()
	l.meter.Pass(t)
	since := l.ledger.SinceStart(t)
	belongs := since // to the phase of its arrival, though it may be sent a little after that phase's end
	if since >= 0 && !math.IsNaN(r.due) {
		belongs = int64(r.due * 1e6)
	}
	r.phase = l.phaseAt(belongs)
	v.shard.Start()
	l.ledger.Timeline.Start(since, r.phase, l.ledger.Enter())
	v.pushOn("start", r)
}

// returned books what is known when the answer has been read, and pushes k6's own samples.
func (v *VU) returned(r *Record, delays []int64) {
	t := clock.Now()
	if !r.probe {
		v.load.ledger.Leave(t)
		v.shard.Read(delays, r.contentEvents, r.reads, r.lateShared, r.remarks)
	}
	if r.outcome == outcome.Interrupted {
		if !r.probe {
			r.interrupt()
			v.pushOn("interrupted", r)
		}
		return
	}
	if !r.apart {
		v.pushHTTP(r, t)
	}
	if !r.probe {
		r.u.hold(r)
	}
}

// close ends the record, once. It reports whether this call did.
func (r *Record) close() bool {
	if !r.state.CompareAndSwap(recordOpen, recordBooked) {
		return false
	}
	r.purse.empty()
	return true
}

// interrupt books a record that the test's end cut off.
func (r *Record) interrupt() {
	if !r.close() {
		return
	}
	r.shard.Settle(r.tags.Tags, outcome.Interrupted, ledger.NoTime, nil, nil)
	r.keep(outcome.Interrupted)
	l := r.v.load.ledger
	l.Timeline.End(l.SinceStart(clock.Now()), r.phase, outcome.Interrupted)
}

// abandon books a record that was never settled: its iteration was cut off, or the script threw and it is lost.
func (r *Record) abandon(cutOff bool) {
	if cutOff {
		r.interrupt()
		return
	}
	if r.close() {
		r.shard.Lose()
	}
}

// Settle is a record's settle(values): one function for all of a VU's records.
func (v *VU) Settle(call sobek.FunctionCall) sobek.Value {
	o, _ := call.This.(*sobek.Object)
	if o == nil {
		v.fail("settle() is a method of a record")
	}
	r, _ := o.Export().(*Record)
	if r == nil {
		v.fail("settle() is a method of a record")
	}
	if r.probe || r.state.Load() != recordOpen {
		return sobek.Undefined()
	}
	values, unknown := v.values(r.measured(make([]ledger.Value, 0, 16)), call.Argument(0))
	if len(v.load.goodput) > 0 {
		kept := oneIf(r.outcome == outcome.OK && met(r.limits, values))
		for _, m := range v.load.goodput {
			values = append(values, ledger.Value{Metric: m, Value: kept})
		}
	}
	r.settle(values)
	if unknown != "" {
		v.fail("settle(): no metric " + unknown + " was configured")
	}
	return sobek.Undefined()
}

// oneIf is how a rate counts one request.
func oneIf(counts bool) float64 {
	if counts {
		return 1
	}
	return 0
}

// traced is the trace that the request carried.
func (r *Record) traced(tags map[string]string) ledger.TraceView {
	took := r.e2e
	if took < 0 {
		took = r.end
	}
	return ledger.TraceView{
		ID: r.trace, Span: r.span, Outcome: r.outcome, Sent: r.sentSinceStart(), TTFT: orNone(r.ttft),
		E2E: orNone(took), Tags: tags,
	}
}

// settle books the request with its values, under its tags and the tag outcome.
func (r *Record) settle(values []ledger.Value) {
	if !r.close() {
		return
	}
	l, tags, gaps := r.v.load, r.tags.of(r.outcome), r.gaps()
	r.shard.Settle(tags.Tags, r.outcome, r.bookedAt(), values, gaps)
	r.u.settled(r)
	if r.trace != "" {
		l.traces.Add(r.traced(tags.Values))
	}
	if r.completionTokens > 0 {
		l.tokens.Add(int64(r.completionTokens))
	}
	r.keep(r.outcome)
	if r.outcome.Bad() {
		l.failures.Add(r.failure())
	}
	l.ledger.Timeline.End(l.ledger.SinceStart(clock.Now()), r.phase, r.outcome)
	if r.sent != 0 {
		l.ledger.Timeline.Add(l.ledger.SinceStart(r.sent), r.phase, values, gaps)
	}
	r.v.pushValues(tags, values, sampled(gaps, l.gapSamples))
}

// sampled draws at most n of the gaps, each with the same chance, in their order.
func sampled(gaps []float64, n int) []float64 {
	if len(gaps) <= n {
		return gaps
	}
	drawn := make([]float64, 0, n)
	for i, gap := range gaps { // Knuth's algorithm S: needed out of those that are left
		if rand.IntN(len(gaps)-i) < n-len(drawn) { // no secret
			drawn = append(drawn, gap)
		}
	}
	return drawn
}
