// Package ledger counts what was measured, for all VUs: log-bucket histograms by metric and tags (Histogram), the same
// in stretches of time (Batches), counts by outcome (Shard), and a timeline by slot and phase (Timeline). Its memory
// does not grow with the number of requests.
package ledger

import "go.k6.io/k6/v2/metrics"

// Metric is one row of the metrics table, as configure() got it, with k6's metric. sse.d.ts explains its members.
type Metric struct {
	Name     string    `json:"name"`
	Type     string    `json:"type"`
	Time     bool      `json:"time"`
	Gaps     bool      `json:"gaps"`
	Timeline bool      `json:"timeline"`
	Batches  bool      `json:"batches"`
	Measured string    `json:"measured"`
	On       string    `json:"on"`
	Pulse    string    `json:"pulse"`
	Bounds   []float64 `json:"bounds"`

	Index int             // its place in the table
	K6    *metrics.Metric // set by configure()
}

// trend: its values are kept in buckets; of the others count and sum alone are.
func (m *Metric) trend() bool { return m.Type == "trend" }

// Value is one finite value of a metric.
type Value struct {
	Metric *Metric
	Value  float64
}

// Tags is a set of tags. The key is the same for the same tags, whatever their order was.
type Tags struct {
	Key    string
	Values map[string]string
}
