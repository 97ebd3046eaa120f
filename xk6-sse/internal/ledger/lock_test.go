package ledger

import (
	"testing"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// BenchmarkTheLockOfAllRequests says what CPU a request, whatever its events, takes under the one lock that all users
// share, the timeline's, with so many threads that want it (-cpu 1,2,4,8). docs/scale.md bounds by it what machines with
// more cores can do.
func BenchmarkTheLockOfAllRequests(b *testing.B) {
	timeline, metrics := timelineOf(time.Second)
	values := make([]Value, len(metrics))
	for i, m := range metrics {
		values[i] = Value{m, 800}
	}
	b.ResetTimer()
	var meter host.Meter
	meter.Begin(0)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			timeline.Start(0, 0, 1)
			timeline.End(0, 0, outcome.OK)
			timeline.Add(0, 0, values, nil)
		}
	})
	cpu, _ := meter.Used(0)
	b.ReportMetric(1e9*cpu/float64(b.N), "cpu-ns/op")
}
