package aggregates

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
)

// begin is a whole second.
var begin = time.Unix(1_700_000_000, 0)

type made struct {
	registry *metrics.Registry
	seconds  *seconds
}

func (m *made) add(name string, kind metrics.MetricType, after time.Duration, tags map[string]string, value float64) {
	metric := m.registry.MustNewMetric(name, kind)
	m.seconds.add(metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: m.registry.RootTagSet().WithTagsFromMap(tags)},
		Time:       begin.Add(after), Value: value,
	})
}

func fieldsOf(t *testing.T, points []point, by string, at time.Time) map[string]any {
	t.Helper()
	for _, p := range points {
		if p.tags["by"] == by && p.at.Equal(at) {
			return p.fields
		}
	}
	t.Fatalf("no row by %s at %s in %v", by, at, points)
	return nil
}

func TestASecondIsOnePointForEachRowAndItsPercentilesAreThoseOfAllSetsOfTagsTogether(t *testing.T) {
	m := made{metrics.NewRegistry(), newSeconds()}
	tags := func(model string) map[string]string {
		return map[string]string{
			"run_id": "r", "script": "s", "kind": "chat", "size": "short", "model": model, "family": "f", "phase": "load",
		}
	}
	for i := range 100 { // one model has the small values, the other the great ones
		model := map[bool]string{true: "a", false: "b"}[i < 90]
		at := time.Duration(i) * 9 * time.Millisecond
		m.add("llm_ttft", metrics.Trend, at, tags(model), float64(100+i))
		m.add("llm_started", metrics.Counter, at, tags(model), 1)
		m.add("llm_stream_error", metrics.Rate, at, tags(model), float64(i%2))
		m.add("llm_in_flight", metrics.Gauge, at, map[string]string{"run_id": "r"}, float64(i))
	}
	m.add("llm_ttft", metrics.Trend, time.Second, tags("a"), 1000)
	points := m.seconds.take(begin.Unix() + 1)

	all := fieldsOf(t, points, "all", begin)
	require.InEpsilon(t, 194, all["llm_ttft_p95"], 0.0026)
	require.InEpsilon(t, 149, all["llm_ttft_run_p50"], 0.0026)
	require.Equal(t, []any{100.0, 14950.0, 100.0, 199.0},
		[]any{all["llm_ttft_count"], all["llm_ttft_sum"], all["llm_ttft_min"], all["llm_ttft_max"]})
	require.Equal(t, 0.5, all["llm_stream_error_mean"])
	started, states := 0.0, 0
	for _, p := range points {
		switch p.measurement {
		case "llm_started":
			started += p.fields["value"].(float64)
		case "llm_in_flight":
			states++
		}
	}
	require.Equal(t, []any{100.0, 100}, []any{started, states}, "sums of counters, and states as they came")
	require.Len(t, points, 100+2+6+2*3, "states, counters of two models, rows of six groups alike, and of three by model")

	later := m.seconds.take(begin.Unix() + 2)
	require.InEpsilon(t, 1000, fieldsOf(t, later, "all", begin.Add(time.Second))["llm_ttft_p50"], 0.0026)
	require.InEpsilon(t, 150, fieldsOf(t, later, "all", begin.Add(time.Second))["llm_ttft_run_p50"], 0.0026)
}

func TestASampleThatComesWhenItsSecondIsWrittenIsCountedInTheNextAndOverwritesNothing(t *testing.T) {
	m := made{metrics.NewRegistry(), newSeconds()}
	tags := map[string]string{"run_id": "r", "script": "s"}
	m.add("llm_e2e", metrics.Trend, 0, tags, 1)
	first := m.seconds.take(begin.Unix() + 1)
	m.add("llm_e2e", metrics.Trend, 500*time.Millisecond, tags, 2)
	second := m.seconds.take(begin.Unix() + 2)
	require.Equal(t, 1.0, fieldsOf(t, first, "all", begin)["llm_e2e_count"])
	require.Equal(t, 1.0, fieldsOf(t, second, "all", begin.Add(time.Second))["llm_e2e_count"])
}

func TestAWriteThatFailsIsToldAndTheNextIsWritten(t *testing.T) {
	var bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/write" {
			return
		}
		require.Equal(t, "base", r.URL.Query().Get("db"))
		_, password, _ := r.BasicAuth()
		require.Equal(t, "token", password)
		text := new(strings.Builder)
		_ = r.Write(text)
		if bodies = append(bodies, text.String()); len(bodies) == 1 {
			http.Error(w, `{"error":"no room"}`, http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	logger, said := logrus.New(), &strings.Builder{}
	logger.SetOutput(said)
	o, err := New(output.Params{
		ConfigArgument: server.URL + "/base", Logger: logger,
		Environment: map[string]string{"K6_INFLUXDB_USERNAME": "any", "K6_INFLUXDB_PASSWORD": "token"},
	})
	require.NoError(t, err)
	registry := metrics.NewRegistry()
	sample := func() {
		o.AddMetricSamples([]metrics.SampleContainer{metrics.Sample{
			TimeSeries: metrics.TimeSeries{
				Metric: registry.MustNewMetric("llm_started", metrics.Counter),
				Tags:   registry.RootTagSet().With("run_id", "r"),
			},
			Time: begin, Value: 1,
		}})
	}
	sample()
	o.flush(time.Now())
	require.Contains(t, said.String(), "no room")
	require.Contains(t, said.String(), told)
	sample()
	o.flush(time.Now())
	require.Contains(t, bodies[1], "llm_started,run_id=r value=1 17")

	_, err = New(output.Params{ConfigArgument: "udp://a:1", Logger: logger})
	require.ErrorContains(t, err, "an address like")
}
