package sse

import (
	"math"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// values appends metric name -> value or values. What is not finite is counted and left out.
func (v *VU) values(values []ledger.Value, arg sobek.Value) (all []ledger.Value, unknown string) {
	o, ok := arg.(*sobek.Object)
	if !ok {
		return values, ""
	}
	names := o.Keys()
	one := func(m *ledger.Metric, value sobek.Value) {
		f := value.ToFloat()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			v.load.ledger.Refuse()
			return
		}
		values = append(values, ledger.Value{Metric: m, Value: f})
	}
	for _, name := range names {
		value := o.Get(name)
		if common.IsNullish(value) {
			continue
		}
		m := v.load.byName[name]
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
	tags, values := v.withoutRequest("push", call, ledger.NoTime)
	v.pushValues(tags, values, nil)
	return sobek.Undefined()
}

// Tally is tally(): values of a time that has gone by. As k6 samples they are of that time, since those of a whole run
// would else fall on one moment.
func (v *VU) Tally(call sobek.FunctionCall) sobek.Value {
	at := int64(call.Argument(2).ToFloat()) // ms
	tags, values := v.withoutRequest("tally", call, at*int64(time.Millisecond))
	byMetric := map[*ledger.Metric][]float64{}
	for _, value := range values {
		byMetric[value.Metric] = append(byMetric[value.Metric], value.Value)
	}
	own := v.vu.State().Tags.GetCurrentValues()
	then := &moment{tags: tags.with(own.Tags), meta: own.Metadata}
	for _, m := range v.load.metrics { // in their order, not the map's
		for _, value := range sampled(byMetric[m], max(1, v.load.gapSamples)) {
			then.add(m.K6, value)
		}
	}
	// Whole milliseconds of one and the same start, so that the nanosecond of its own tells each sample from all
	// others.
	unix := v.load.ledger.StartedAt() + at*int64(time.Millisecond)
	for i := range then.samples {
		then.samples[i].Time = time.Unix(0, unix+v.load.tallied.Add(1))
	}
	v.send(then)
	return sobek.Undefined()
}

// withoutRequest books values without a request in the histograms, at the time `at` (see ledger.NoTime).
func (v *VU) withoutRequest(name string, call sobek.FunctionCall, at int64) (*tagSet, []ledger.Value) {
	if v.vu.State() == nil {
		v.fail(name + "() cannot be used in the init context")
	}
	v.enter()
	tags := v.tagSet(call.Argument(0))
	values, unknown := v.values(nil, call.Argument(1))
	if unknown != "" {
		v.fail(name + "(): no metric " + unknown + " was configured")
	}
	v.shard.Add(tags.Tags, at, values...)
	return tags, values
}
