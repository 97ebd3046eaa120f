package ledger

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// hour is the load of a long run, as a test in TypeScript describes it after a short real one
// (tools/commands/report/hour.long.e2e.test.ts): the tag sets that came, how often, and the metrics of each with their
// means.
type hour struct {
	Out         string    `json:"out"`
	Seconds     int       `json:"seconds"`
	SlotSeconds int       `json:"slotSeconds"`
	Phase       string    `json:"phase"`
	Metrics     []*Metric `json:"metrics"`
	Sets        []struct {
		Tags    map[string]string  `json:"tags"`
		Outcome outcome.Outcome    `json:"outcome"` // "" for what is counted at the start
		Count   int                `json:"count"`
		Means   map[string]float64 `json:"means"`
		Gaps    int                `json:"gaps"`
	} `json:"sets"`
}

// TestWritesWhatTheLedgerHoldsOfAnHour fills a ledger with an hour's requests, which no test can wait for, by the calls
// that a run makes, and writes what it holds. Without LEDGER_HOUR there is nothing to do.
func TestWritesWhatTheLedgerHoldsOfAnHour(t *testing.T) {
	path := os.Getenv("LEDGER_HOUR")
	if path == "" {
		t.Skip("no LEDGER_HOUR: tools/commands/report/hour.long.e2e.test.ts asks for it")
	}
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var h hour
	require.NoError(t, json.Unmarshal(raw, &h))
	byName := map[string]*Metric{}
	for i, m := range h.Metrics {
		m.Index = i
		byName[m.Name] = m
	}
	l := New(h.Metrics, []string{h.Phase}, int64(h.SlotSeconds)*int64(time.Second))
	slots := h.Seconds / h.SlotSeconds
	width := int64(h.SlotSeconds) * int64(time.Second)
	r := rand.New(rand.NewPCG(1, 2))
	spread := func(mean float64) float64 { return mean * math.Exp(0.4*r.NormFloat64()-0.08) }
	for slot := range slots {
		for i, set := range h.Sets {
			tags := Tags{Key: string(rune('a' + i)), Values: set.Tags}
			for n := slot * set.Count / slots; n < (slot+1)*set.Count/slots; n++ {
				at := int64(slot)*width + r.Int64N(width)
				values := make([]Value, 0, len(set.Means))
				for name, mean := range set.Means {
					value := mean
					if byName[name].trend() {
						value = spread(mean)
					}
					values = append(values, Value{byName[name], value})
				}
				shard := l.Shard(n)
				if set.Outcome == "" {
					shard.Start()
					shard.Add(tags, at, values...)
					l.Timeline.Start(at, 0, l.Enter())
					continue
				}
				gaps := make([]float64, set.Gaps)
				for g := range gaps {
					gaps[g] = spread(30)
				}
				shard.Settle(tags, set.Outcome, at, values, gaps)
				l.Leave(at)
				l.Timeline.Add(at, 0, values, gaps)
				l.Timeline.End(at, 0, set.Outcome)
			}
		}
	}
	sum := l.Totals(func(_ string, make func()) { make() })
	whole, err := json.Marshal(map[string]any{
		"started": sum.Started, "finished": sum.Finished, "failed": sum.Failed, "rows": sum.Rows,
		"outcomes": sum.Outcomes, "timeline": l.Timeline.Views(func(int64) string { return h.Phase }),
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(h.Out, whole, 0o600))
}
