package aggregates

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// measurement holds the rows: a field of a metric is called by its name and what it is, as llm_ttft_p95.
const measurement = "llm_seconds"

// ranks are the percentiles of a second, and runRanks those of the run until then: of a whole run no percentile can be
// made of its seconds'.
var (
	ranks    = []int{5, 25, 50, 75, 90, 95, 99}
	runRanks = []int{5, 50, 95, 99}
)

// seconds collects samples by the second in which they were made. One goroutine at a time uses it.
type seconds struct {
	sets map[*metrics.TagSet]*set
	rows map[string]*row

	open    map[int64]*second
	written map[*metrics.Metric]int64 // the newest second that was taken, by metric
	run     map[figure]*ledger.Histogram
	passed  []point // what goes on as it came
}

// second is what is known of one: values by set of tags, and sums of counters.
type second struct {
	values map[part]*ledger.Histogram
	sums   map[part]*point
}

type part struct {
	set    *set
	metric *metrics.Metric
}

type figure struct {
	row    *row
	metric *metrics.Metric
}

// point is one of InfluxDB's.
type point struct {
	measurement string
	tags        map[string]string
	fields      map[string]any
	at          time.Time
}

func newSeconds() *seconds {
	return &seconds{
		sets: map[*metrics.TagSet]*set{}, rows: map[string]*row{}, open: map[int64]*second{},
		written: map[*metrics.Metric]int64{}, run: map[figure]*ledger.Histogram{},
	}
}

// state reports whether a metric says how something stands, rather than what came of requests: such values come once or
// twice a second from one place, and are kept as they are.
func state(m *metrics.Metric) bool {
	return m.Type == metrics.Gauge || m.Name == "llm_wanted_rate" || strings.HasPrefix(m.Name, "target_")
}

// add books one sample. One that comes when its second was written already belongs to the next: two points of one time
// would overwrite each other.
func (s *seconds) add(sample metrics.Sample) {
	m, of := sample.Metric, s.setOf(sample.Tags)
	if state(m) {
		s.passed = append(s.passed, point{m.Name, of.tags, map[string]any{"value": sample.Value}, sample.Time})
		return
	}
	at := sample.Time.Unix()
	if written, any := s.written[m]; any && at <= written {
		at = written + 1
	}
	in := s.open[at]
	if in == nil {
		in = &second{map[part]*ledger.Histogram{}, map[part]*point{}}
		s.open[at] = in
	}
	key := part{of, m}
	if m.Type == metrics.Counter {
		sum := in.sums[key]
		if sum == nil {
			sum = &point{m.Name, of.tags, map[string]any{"value": 0.0}, sample.Time}
			in.sums[key] = sum
		}
		sum.fields["value"] = sum.fields["value"].(float64) + sample.Value
		return
	}
	values := in.values[key]
	if values == nil {
		values = &ledger.Histogram{}
		in.values[key] = values
	}
	if m.Type == metrics.Trend {
		values.Add(sample.Value)
	} else {
		values.Tally(sample.Value)
	}
}

// take hands out the points of all seconds before `until`, in their order.
func (s *seconds) take(until int64) []point {
	points := s.passed
	s.passed = nil
	for _, at := range slices.Sorted(maps.Keys(s.open)) {
		if at >= until {
			break
		}
		in := s.open[at]
		delete(s.open, at)
		for key, sum := range in.sums {
			s.written[key.metric] = max(s.written[key.metric], at)
			points = append(points, *sum)
		}
		points = append(points, s.rowsOf(in, at)...)
	}
	return points
}

// rowsOf adds up a second's values by group.
func (s *seconds) rowsOf(in *second, at int64) []point {
	merged := map[figure]*ledger.Histogram{}
	for key, values := range in.values {
		s.written[key.metric] = max(s.written[key.metric], at)
		rows := key.set.rows
		if !strings.HasPrefix(key.metric.Name, "llm_") {
			rows = rows[:1] // k6's own are of all requests together
		}
		for _, r := range rows {
			of := figure{r, key.metric}
			if merged[of] == nil {
				merged[of] = &ledger.Histogram{}
			}
			merged[of].Merge(values)
		}
	}
	fields := map[*row]map[string]any{}
	for of, values := range merged {
		if fields[of.row] == nil {
			fields[of.row] = map[string]any{}
		}
		s.tell(of, values, fields[of.row])
	}
	points := make([]point, 0, len(fields))
	for r, all := range fields {
		points = append(points, point{measurement, r.tags, all, time.Unix(at, 0)})
	}
	return points
}

// tell writes the figures of one metric into the fields of its row.
func (s *seconds) tell(of figure, values *ledger.Histogram, fields map[string]any) {
	name := of.metric.Name
	v := values.Sums()
	fields[name+"_count"], fields[name+"_sum"] = float64(v.Count), v.Sum
	fields[name+"_mean"] = v.Sum / float64(v.Count)
	if of.metric.Type != metrics.Trend {
		return
	}
	fields[name+"_min"], fields[name+"_max"] = v.Min, v.Max
	for _, rank := range ranks {
		fields[fmt.Sprintf("%s_p%d", name, rank)] = values.Quantile(float64(rank) / 100)
	}
	run := s.run[of]
	if run == nil {
		run = &ledger.Histogram{}
		s.run[of] = run
	}
	run.Merge(values)
	for _, rank := range runRanks {
		fields[fmt.Sprintf("%s_run_p%d", name, rank)] = run.Quantile(float64(rank) / 100)
	}
}
