package sse

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// isGood: the request did what it was sent for.
func isGood(outcome string) bool { return outcome == "ok" || outcome == "cancelled" }

// started books a request that is about to be sent.
func (v *VU) started(r *Record) {
	l := v.root.ledger
	t := now()
	v.root.meter.pass(t)
	since := l.sinceStart(t)
	if since >= 0 && v.root.schedule != nil {
		belongs := since // to the phase of its arrival, though it may be sent a little after that phase's end
		if !math.IsNaN(r.due) {
			belongs = int64(r.due * 1e6)
		}
		v.root.schedule.mu.Lock()
		r.phase = v.root.schedule.phaseAt(belongs)
		v.root.schedule.mu.Unlock()
	}
	v.shard.mu.Lock()
	v.shard.started++
	v.shard.mu.Unlock()
	l.timeline.start(since, r.phase, l.inFlight.Add(1))
	v.pushOn("start", r.tags)
}

// returned books what is known when the answer has been read, and pushes k6's own samples.
func (v *VU) returned(r *Record, delays []int64) {
	t := now()
	if !r.probe {
		l := v.root.ledger
		l.inFlight.Add(-1)
		l.ended(t)
		v.shard.mu.Lock()
		for _, d := range delays {
			v.shard.readDelay.add(ms(d))
		}
		v.shard.contentEvents += r.contentEvents
		v.shard.contentReads += r.reads
		v.shard.lateShared += r.lateShared
		v.shard.remarks.add(r.remarks)
		v.shard.mu.Unlock()
	}
	if r.outcome == "interrupted" {
		if !r.probe {
			r.interrupt()
			v.pushOn("interrupted", r.tags)
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

// book counts the outcome, once. It reports whether this call did.
func (r *Record) book(outcome string, tags *tagSet, count func(*shard)) bool {
	if !r.state.CompareAndSwap(recordOpen, recordBooked) {
		return false
	}
	r.purse.empty()
	s := r.shard
	s.mu.Lock()
	count(s)
	if tags != nil {
		s.row(tags).outcomes[outcome]++
	}
	s.mu.Unlock()
	return true
}

func (r *Record) interrupt() {
	l := r.v.root.ledger
	if r.book("interrupted", r.tags, func(s *shard) { s.interrupted++ }) {
		l.timeline.end(l.sinceStart(now()), r.phase, "interrupted")
	}
}

// abandon books a record that was never settled: its iteration was cut off, or the script threw and it is lost.
func (r *Record) abandon(cutOff bool) {
	if cutOff {
		r.interrupt()
		return
	}
	r.book("", nil, func(s *shard) { s.lost++ })
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
	values, unknown := v.values(r.measured(make([]booking, 0, 16)), call.Argument(0))
	for _, m := range v.root.metrics {
		if m.Measured == goodput {
			values = append(values, booking{m, share(r.outcome == "ok" && met(r.limits, values))})
		}
	}
	r.settle(values)
	if unknown != "" {
		v.fail("settle(): no metric " + unknown + " was configured")
	}
	return sobek.Undefined()
}

// share is how a rate counts one request.
func share(counts bool) float64 {
	if counts {
		return 1
	}
	return 0
}

// settle books the request with its values, under its tags and the tag outcome.
func (r *Record) settle(values []booking) {
	v, l := r.v, r.v.root.ledger
	tags, gaps := r.tags.of(r.outcome), r.gaps()
	booked := r.book(r.outcome, tags, func(s *shard) {
		switch {
		case isGood(r.outcome):
			s.finished++
		case r.outcome == "interrupted":
			s.interrupted++
		default:
			s.failed++
		}
		row := s.row(tags)
		for _, b := range values {
			row.add(b.metric, b.value)
		}
		for _, m := range v.root.metrics {
			if m.Gaps {
				for _, gap := range gaps {
					row.add(m, gap)
				}
			}
		}
	})
	if !booked {
		return
	}
	r.u.settled(r)
	v.root.traces.add(r, tags.tags, r.outcome)
	l.timeline.end(l.sinceStart(now()), r.phase, r.outcome)
	if r.sent != 0 {
		l.timeline.add(l.sinceStart(r.sent), r.phase, values, gaps)
	}
	v.pushValues(tags, values, sampled(gaps, v.root.gapSamples))
}

// sampled draws at most n of the gaps, each with the same chance, in their order.
func sampled(gaps []float64, n int) []float64 {
	if len(gaps) <= n {
		return gaps
	}
	drawn := make([]float64, 0, n)
	for i, gap := range gaps { // Knuth's algorithm S: needed out of those that are left
		if rand.IntN(len(gaps)-i) < n-len(drawn) { //nolint:gosec // no secret
			drawn = append(drawn, gap)
		}
	}
	return drawn
}

// values appends metric name -> value or values. What is not finite is counted and left out.
func (v *VU) values(values []booking, arg sobek.Value) (all []booking, unknown string) {
	o, ok := arg.(*sobek.Object)
	if !ok {
		return values, ""
	}
	names := o.Keys()
	one := func(m *metricDef, value sobek.Value) {
		f := value.ToFloat()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			v.root.ledger.refused.Add(1)
			return
		}
		values = append(values, booking{m, f})
	}
	for _, name := range names {
		value := o.Get(name)
		if common.IsNullish(value) {
			continue
		}
		m := v.root.byName[name]
		if m == nil {
			unknown = name
			continue
		}
		if list, ok := value.(*sobek.Object); ok && list.ClassName() == "Array" {
			for _, i := range list.Keys() {
				one(m, list.Get(i))
			}
			continue
		}
		one(m, value)
	}
	return values, unknown
}

// Push is push(): values without a request, of now.
func (v *VU) Push(call sobek.FunctionCall) sobek.Value {
	tags, values := v.bookPlain("push", call)
	v.pushValues(tags, values, nil)
	return sobek.Undefined()
}

// Tally is tally(): values of a time that has gone by. As k6 samples they are of that time, since those of a whole run
// would else fall on one moment.
func (v *VU) Tally(call sobek.FunctionCall) sobek.Value {
	tags, values := v.bookPlain("tally", call)
	byMetric := map[*metricDef][]float64{}
	for _, b := range values {
		byMetric[b.metric] = append(byMetric[b.metric], b.value)
	}
	own := v.vu.State().Tags.GetCurrentValues()
	b := &batch{tags: tags.with(own.Tags), meta: own.Metadata}
	for _, m := range v.root.metrics { // in their order, not the map's
		for _, value := range sampled(byMetric[m], max(1, v.root.gapSamples)) {
			b.add(m.metric, value)
		}
	}
	// Whole milliseconds of one and the same start, so that the nanosecond of its own tells each sample from all
	// others.
	at := v.root.ledger.startedAt.Load() + int64(call.Argument(2).ToFloat())*int64(time.Millisecond)
	for i := range b.samples {
		b.samples[i].Time = time.Unix(0, at+v.root.tallied.Add(1))
	}
	v.send(b)
	return sobek.Undefined()
}

// bookPlain books values without a request in the histograms.
func (v *VU) bookPlain(name string, call sobek.FunctionCall) (*tagSet, []booking) {
	if v.vu.State() == nil {
		v.fail(name + "() cannot be used in the init context")
	}
	v.enter()
	tags := v.tagSet(call.Argument(0))
	values, unknown := v.values(nil, call.Argument(1))
	if unknown != "" {
		v.fail(name + "(): no metric " + unknown + " was configured")
	}
	v.shard.mu.Lock()
	defer v.shard.mu.Unlock()
	row := v.shard.row(tags)
	for _, b := range values {
		row.add(b.metric, b.value)
	}
	return tags, values
}
