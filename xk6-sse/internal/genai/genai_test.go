package genai

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	otlp "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"
)

// receiver keeps the last thing that an OTLP client sent of each metric.
type receiver struct {
	mu      sync.Mutex
	metrics map[string]*otlp.Metric
	status  int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	var told collector.ExportMetricsServiceRequest
	if proto.Unmarshal(body, &told) == nil {
		r.mu.Lock()
		for _, resource := range told.ResourceMetrics {
			for _, scope := range resource.ScopeMetrics {
				for _, m := range scope.Metrics {
					r.metrics[m.Name] = m
				}
			}
		}
		r.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(r.status)
}

func started(t *testing.T, status int) (*Output, *receiver, *bytes.Buffer) {
	t.Helper()
	r := &receiver{metrics: map[string]*otlp.Metric{}, status: status}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	var log bytes.Buffer
	logger := logrus.New()
	logger.SetOutput(&log)
	o, err := New(output.Params{Logger: logger, ConfigArgument: server.URL})
	require.NoError(t, err)
	require.NoError(t, o.Start())
	return o, r, &log
}

// sample is what the extension hands to k6.
func sample(registry *metrics.Registry, name string, kind metrics.MetricType, value float64, tags map[string]string) metrics.Sample {
	contains := metrics.Default
	if kind == metrics.Trend && !strings.HasSuffix(name, "tokens") {
		contains = metrics.Time
	}
	return metrics.Sample{
		TimeSeries: metrics.TimeSeries{
			Metric: registry.MustNewMetric(name, kind, contains), Tags: registry.RootTagSet().WithTagsFromMap(tags),
		},
		Time: time.Now(), Value: value,
	}
}

func attributes(point *otlp.HistogramDataPoint) map[string]string {
	all := map[string]string{}
	for _, a := range point.Attributes {
		all[a.Key] = a.Value.GetStringValue()
	}
	return all
}

func TestMetricsGoOutByTheConventionsNamesBesideOurs(t *testing.T) {
	o, r, _ := started(t, http.StatusOK)
	registry := metrics.NewRegistry()
	tags := map[string]string{"kind": "chat", "model": "m", "outcome": "ok", "phase": "load"}
	o.AddMetricSamples([]metrics.SampleContainer{metrics.Samples{
		sample(registry, "llm_first_chunk", metrics.Trend, 420, tags),
		sample(registry, "llm_inter_chunk", metrics.Trend, 20, tags),
		sample(registry, "llm_e2e", metrics.Trend, 1500, tags),
		sample(registry, "llm_prompt_tokens", metrics.Trend, 100, tags),
		sample(registry, "llm_completion_tokens", metrics.Trend, 50, tags),
		sample(registry, "llm_started", metrics.Counter, 1, tags),
		sample(registry, "llm_stream_error", metrics.Rate, 0, tags),
		sample(registry, "http_reqs", metrics.Counter, 1, tags),
	}})
	require.NoError(t, o.Stop())

	require.ElementsMatch(t, []string{
		"gen_ai.client.operation.duration", "gen_ai.client.operation.time_per_output_chunk",
		"gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.token.usage",
		"llm_first_chunk", "llm_inter_chunk", "llm_e2e", "llm_prompt_tokens", "llm_completion_tokens", "llm_started",
		"llm_stream_error",
	}, keys(r.metrics))

	first := r.metrics["gen_ai.client.operation.time_to_first_chunk"]
	require.Equal(t, "s", first.Unit)
	point := first.GetHistogram().DataPoints[0]
	require.InDelta(t, 0.42, point.GetSum(), 1e-9)
	require.Equal(t, map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m",
	}, attributes(point))
	require.Equal(t, "ms", r.metrics["llm_first_chunk"].Unit)

	types := map[string]float64{}
	for _, each := range r.metrics["gen_ai.client.token.usage"].GetHistogram().DataPoints {
		types[attributes(each)["gen_ai.token.type"]] = each.GetSum()
	}
	require.Equal(t, map[string]float64{"input": 100, "output": 50}, types)
}

// k6's own output has no bound between 250 and 500: a p95 of 300 and one of 490 looked the same.
func TestALimitIsABoundaryAndAPercentileIsKnownToTwelvePercent(t *testing.T) {
	for _, limit := range []float64{100, 200, 250, 400, 500, 800, 1000, 2000, 5000, 10_000, 60_000 * 5 / 3} {
		require.Contains(t, milliseconds, limit)
	}
	require.Contains(t, seconds, 0.5)
	for _, bounds := range [][]float64{milliseconds, seconds, counts} {
		require.True(t, slices.IsSorted(bounds))
		for i := 1; i < len(bounds); i++ {
			require.LessOrEqual(t, bounds[i]/bounds[i-1], 1.143, "%g to %g", bounds[i-1], bounds[i])
		}
	}

	o, r, _ := started(t, http.StatusOK)
	registry := metrics.NewRegistry()
	for value := 1.0; value <= 1000; value++ {
		o.AddMetricSamples([]metrics.SampleContainer{sample(registry, "llm_ttft", metrics.Trend, value, nil)})
	}
	require.NoError(t, o.Stop())
	point := r.metrics["llm_ttft"].GetHistogram().DataPoints[0]
	var below uint64
	for i, bound := range point.ExplicitBounds {
		if bound <= 500 {
			below += point.BucketCounts[i]
		}
	}
	require.Equal(t, uint64(500), below, "the share at most 500 ms is exact")
}

func TestAFailedRequestHasTheErrorOfItsOutcome(t *testing.T) {
	o, r, _ := started(t, http.StatusOK)
	registry := metrics.NewRegistry()
	o.AddMetricSamples([]metrics.SampleContainer{
		sample(registry, "llm_e2e", metrics.Trend, 10, map[string]string{"kind": "embedding", "outcome": "http_429"}),
	})
	require.NoError(t, o.Stop())
	point := r.metrics["gen_ai.client.operation.duration"].GetHistogram().DataPoints[0]
	require.Equal(t, "http_429", attributes(point)["error.type"])
	require.Equal(t, "embeddings", attributes(point)["gen_ai.operation.name"])
}

func TestACollectorThatRefusesIsToldInK6sLogAndCostsNothingElse(t *testing.T) {
	o, _, log := started(t, http.StatusBadRequest)
	o.AddMetricSamples([]metrics.SampleContainer{sample(metrics.NewRegistry(), "llm_ttft", metrics.Trend, 1, nil)})
	require.NoError(t, o.Stop())
	require.Contains(t, log.String(), "the collector did not take the metrics")
	require.Contains(t, log.String(), "output=genai")
}

func TestExponentialBucketsWhereTheVariableOfTheStandardAsksForThem(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram")
	o, r, _ := started(t, http.StatusOK)
	o.AddMetricSamples([]metrics.SampleContainer{sample(metrics.NewRegistry(), "llm_ttft", metrics.Trend, 1, nil)})
	require.NoError(t, o.Stop())
	require.NotNil(t, r.metrics["llm_ttft"].GetExponentialHistogram())
}

func TestWrongSettingsAreSaidInOneSentence(t *testing.T) {
	for argument, sentence := range map[string]string{
		"localhost:4318":           "--out genai=localhost:4318 is wrong: an address like http://127.0.0.1:4318 is wanted",
		"http://me:secret@host:80": "--out genai holds a name or a password: give OTEL_EXPORTER_OTLP_HEADERS in its place",
	} {
		_, err := New(output.Params{Logger: logrus.New(), ConfigArgument: argument})
		require.EqualError(t, err, sentence)
	}
	_, err := New(output.Params{Logger: logrus.New(), Environment: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}})
	require.EqualError(t, err, "OTEL_EXPORTER_OTLP_PROTOCOL=http/json is wrong: grpc or http/protobuf is wanted")
}

func keys(of map[string]*otlp.Metric) []string {
	var all []string
	for name := range of {
		all = append(all, name)
	}
	return all
}
