package sse

import (
	"sync/atomic"
	"time"

	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// lastNano is the newest timestamp given to a sample. InfluxDB keeps one point for each series and timestamp, so no two
// samples may share one.
var lastNano atomic.Int64

// nanos reserves n timestamps, strictly later than all before, and returns the first.
func (l *load) nanos(n int) int64 {
	l.outputs.Made(int64(n))
	for {
		last := lastNano.Load()
		first := max(time.Now().UnixNano(), last+1)
		if lastNano.CompareAndSwap(last, first+int64(n)-1) {
			return first
		}
	}
}

// moment collects samples of one and the same moment.
type moment struct {
	samples metrics.Samples
	tags    *metrics.TagSet
	meta    map[string]string
}

func (m *moment) add(to *metrics.Metric, value float64) {
	m.samples = append(m.samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: to, Tags: m.tags}, Metadata: m.meta, Value: value,
	})
}

// push hands the samples to k6, each with its own nanosecond.
func (v *VU) push(m *moment) {
	m.stamp(v.load)
	v.send(m)
}

// send hands over samples that have their times.
func (v *VU) send(m *moment) {
	if len(m.samples) > 0 {
		metrics.PushIfNotDone(v.vu.Context(), v.vu.State().Samples, m.samples)
	}
}

func (m *moment) stamp(l *load) {
	first := l.nanos(len(m.samples))
	for i := range m.samples {
		m.samples[i].Time = time.Unix(0, first+int64(i))
	}
}

func (v *VU) pushValues(tags *tagSet, values []ledger.Value, gaps []float64) {
	own := v.vu.State().Tags.GetCurrentValues()
	now := &moment{
		samples: make(metrics.Samples, 0, len(values)+len(gaps)),
		tags:    tags.with(own.Tags), meta: own.Metadata,
	}
	for _, value := range values {
		now.add(value.Metric.K6, value.Value)
	}
	for _, m := range v.load.metrics {
		if m.Gaps {
			for _, gap := range gaps {
				now.add(m.K6, gap)
			}
		}
	}
	v.push(now)
}

// pushOn adds 1 to the counters that count themselves: on 'start', on 'interrupted'. The context may be done by then,
// but k6 takes samples as long as the iteration's function has not returned.
func (v *VU) pushOn(event string, r *Record) {
	own := v.vu.State().Tags.GetCurrentValues()
	for _, m := range v.load.metrics {
		if m.On != event {
			continue
		}
		v.shard.Add(r.tags.Tags, r.bookedAt(), ledger.Value{Metric: m, Value: 1})
		v.vu.State().Samples <- metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: m.K6, Tags: r.tags.with(own.Tags)},
			Time:       time.Unix(0, v.load.nanos(1)), Metadata: own.Metadata, Value: 1,
		}
	}
}

// pushHTTP pushes k6's own metrics of a request and, once a second, the bytes that went over the wire: k6 itself does
// that at an iteration's end, and our VUs loop inside one.
func (v *VU) pushHTTP(r *Record, t int64) {
	state := v.vu.State()
	own := state.Tags.GetCurrentValues()
	ok := r.status >= 200 && r.status < 400 || r.outcome == outcome.OK
	now := &moment{
		samples: make(metrics.Samples, 0, 7), meta: own.Metadata,
		tags: r.tags.withHTTP(own.Tags, state.Options.SystemTags, httpTags{r.to, r.method, r.status, ok}),
	}
	m := state.BuiltinMetrics
	now.add(m.HTTPReqs, 1)
	now.add(m.HTTPReqConnecting, clock.Ms(r.connect))
	now.add(m.HTTPReqDuration, clock.Ms(max(0, r.end)))
	now.add(m.HTTPReqWaiting, clock.Ms(max(0, r.ttfb)))
	now.add(m.HTTPReqFailed, oneIf(!ok))
	if dialer, ok := state.Dialer.(*netext.Dialer); ok && t-v.pushed > int64(time.Second) {
		v.pushed = t
		now.samples = append(now.samples, dialer.IOSamples(time.Now(), own, m).GetSamples()...)
	}
	v.push(now)
}
