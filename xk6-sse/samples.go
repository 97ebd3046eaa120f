package sse

import (
	"sync/atomic"
	"time"

	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/metrics"
)

// lastNano is the newest timestamp given to a sample. InfluxDB keeps one point for each series and timestamp, so no two
// samples may share one.
var lastNano atomic.Int64

// nanos reserves n timestamps, strictly later than all before, and returns the first.
func nanos(n int) int64 {
	for {
		last := lastNano.Load()
		first := max(time.Now().UnixNano(), last+1)
		if lastNano.CompareAndSwap(last, first+int64(n)-1) {
			samplesMade.Add(int64(n))
			return first
		}
	}
}

// batch collects samples of one moment.
type batch struct {
	samples metrics.Samples
	tags    *metrics.TagSet
	meta    map[string]string
}

func (b *batch) add(m *metrics.Metric, value float64) {
	b.samples = append(b.samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: m, Tags: b.tags}, Metadata: b.meta, Value: value,
	})
}

// push hands the samples to k6, each with its own nanosecond.
func (v *VU) push(b *batch) {
	b.stamp()
	v.send(b)
}

// send hands over samples that have their times.
func (v *VU) send(b *batch) {
	if len(b.samples) > 0 {
		metrics.PushIfNotDone(v.vu.Context(), v.vu.State().Samples, b.samples)
	}
}

func (b *batch) stamp() {
	first := nanos(len(b.samples))
	for i := range b.samples {
		b.samples[i].Time = time.Unix(0, first+int64(i))
	}
}

func (v *VU) pushValues(tags *tagSet, values []booking, gaps []float64) {
	own := v.vu.State().Tags.GetCurrentValues()
	b := &batch{
		samples: make(metrics.Samples, 0, len(values)+len(gaps)),
		tags:    tags.with(own.Tags), meta: own.Metadata,
	}
	for _, value := range values {
		b.add(value.metric.metric, value.value)
	}
	for _, m := range v.root.metrics {
		if m.Gaps {
			for _, gap := range gaps {
				b.add(m.metric, gap)
			}
		}
	}
	v.push(b)
}

// pushOn adds 1 to the counters that count themselves: on 'start', on 'interrupted'. The context may be done by then,
// but k6 takes samples as long as the iteration's function has not returned.
func (v *VU) pushOn(event string, tags *tagSet) {
	own := v.vu.State().Tags.GetCurrentValues()
	for _, m := range v.root.metrics {
		if m.On != event {
			continue
		}
		v.shard.mu.Lock()
		v.shard.row(tags).add(m, 1)
		v.shard.mu.Unlock()
		v.vu.State().Samples <- metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: m.metric, Tags: tags.with(own.Tags)},
			Time:       time.Unix(0, nanos(1)), Metadata: own.Metadata, Value: 1,
		}
	}
}

// pushHTTP pushes k6's own metrics of a request and, once a second, the bytes that went over the wire: k6 itself does
// that at an iteration's end, and our VUs loop inside one.
func (v *VU) pushHTTP(r *Record, t int64) {
	state := v.vu.State()
	own := state.Tags.GetCurrentValues()
	ok := r.status >= 200 && r.status < 400
	b := &batch{
		samples: make(metrics.Samples, 0, 7), meta: own.Metadata,
		tags: r.tags.withHTTP(own.Tags, state.Options.SystemTags, httpTags{r.to, r.method, r.status, ok}),
	}
	m := state.BuiltinMetrics
	b.add(m.HTTPReqs, 1)
	b.add(m.HTTPReqConnecting, ms(r.connect))
	b.add(m.HTTPReqDuration, ms(max(0, r.end)))
	b.add(m.HTTPReqWaiting, ms(max(0, r.ttfb)))
	b.add(m.HTTPReqFailed, map[bool]float64{false: 1, true: 0}[ok])
	if dialer, ok := state.Dialer.(*netext.Dialer); ok && t-v.pushed > int64(time.Second) {
		v.pushed = t
		b.samples = append(b.samples, dialer.IOSamples(time.Now(), own, m).GetSamples()...)
	}
	v.push(b)
}
