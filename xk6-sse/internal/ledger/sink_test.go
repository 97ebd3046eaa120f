package ledger

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.k6.io/k6/v2/metrics"
)

func TestK6KeepsNoValueOfABoundTrend(t *testing.T) {
	registry := metrics.NewRegistry()
	trend := registry.MustNewMetric("a_trend", metrics.Trend)
	counter := registry.MustNewMetric("a_counter", metrics.Counter)
	Bound(trend, counter)
	assert.True(t, trend.Sink.IsEmpty())
	for i := 1; i <= 100_000; i++ {
		trend.Sink.Add(metrics.Sample{Value: float64(i % 1000)})
	}
	trend.Sink.Add(metrics.Sample{Value: math.Inf(1)})
	sink := trend.Sink.(*boundedSink)
	assert.EqualValues(t, 100_000, sink.h.count)
	assert.Less(t, len(sink.h.buckets.counts), 2000, "buckets, not values")
	assert.InEpsilon(t, 950, trend.Sink.Format(0)["p(95)"], 0.005)
	assert.InDelta(t, 499.5, trend.Sink.Format(0)["avg"], 1e-9)
	assert.IsType(t, &metrics.CounterSink{}, counter.Sink)
}
