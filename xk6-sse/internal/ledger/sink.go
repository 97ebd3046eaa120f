package ledger

import (
	"math"
	"time"

	"go.k6.io/k6/v2/metrics"
)

// boundedSink stands where k6 keeps every value of a Trend for its summary and its thresholds, and sorts them all again
// every two seconds: 0.4 GB an hour at 200 requests a second. Here a histogram does, whose size does not grow. Outputs
// get each sample all the same.
type boundedSink struct{ h Histogram }

func (s *boundedSink) Add(sample metrics.Sample) {
	if !math.IsNaN(sample.Value) && !math.IsInf(sample.Value, 0) {
		s.h.Add(sample.Value)
	}
}

func (s *boundedSink) IsEmpty() bool { return s.h.count == 0 }

// Format is what k6's REST interface shows.
func (s *boundedSink) Format(time.Duration) map[string]float64 {
	if s.h.count == 0 {
		return map[string]float64{"min": 0, "max": 0, "avg": 0, "med": 0, "p(90)": 0, "p(95)": 0}
	}
	return map[string]float64{
		"min": s.h.min, "max": s.h.max, "avg": s.h.sum / float64(s.h.count),
		"med": s.h.Quantile(0.5), "p(90)": s.h.Quantile(0.9), "p(95)": s.h.Quantile(0.95),
	}
}

// Bound replaces the sinks of these Trends. It must happen before k6's engine runs: in the init context.
func Bound(all ...*metrics.Metric) {
	for _, m := range all {
		if m.Type == metrics.Trend {
			m.Sink = &boundedSink{}
		}
	}
}

// BoundBuiltin does so for those of k6 that each request or iteration adds to.
func BoundBuiltin(m *metrics.BuiltinMetrics) {
	Bound(m.HTTPReqDuration, m.HTTPReqBlocked, m.HTTPReqConnecting, m.HTTPReqTLSHandshaking, m.HTTPReqSending,
		m.HTTPReqWaiting, m.HTTPReqReceiving, m.IterationDuration)
}
