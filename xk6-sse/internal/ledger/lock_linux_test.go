package ledger

import (
	"syscall"
	"testing"
	"time"

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
	before := cpu(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			timeline.Start(0, 0, 1)
			timeline.End(0, 0, outcome.OK)
			timeline.Add(0, 0, values, nil)
		}
	})
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
}

// cpu is what this process has used, ns.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
