// Package genai is k6's output `--out genai`: the metrics of the table (llm_*) and, beside them, the client metrics of
// OpenTelemetry's conventions for generative AI (gen_ai.client.*), sent over OTLP with buckets that fit.
//
// k6's own `--out opentelemetry` sends llm_* too, with the SDK's usual boundaries: between 250 and 500 there is none.
package genai

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/output"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Name is what the output is called by --out, and in run.json.
const Name = "genai"

func init() {
	output.RegisterExtension(Name, func(p output.Params) (output.Output, error) { return New(p) })
}

// exportEvery is how often the collector is told, unless OTEL_METRIC_EXPORT_INTERVAL says otherwise.
const exportEvery = 10 * time.Second

// Output is one `--out genai`. Where it sends to, and how, is told by OpenTelemetry's own variables
// (OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, _PROTOCOL, ...); `--out genai=http://host:4318` names the collector too.
type Output struct {
	output.SampleBuffer

	address  string
	protocol string
	logger   logrus.FieldLogger
	flusher  *output.PeriodicFlusher
	provider *metric.MeterProvider
	meters   *meters
}

var _ output.Output = new(Output)

// New reads the settings. An error is a sentence about the first that is wrong.
func New(p output.Params) (*Output, error) {
	o := &Output{logger: p.Logger.WithField("output", Name), address: p.ConfigArgument, protocol: "http/protobuf"}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"} {
		if set := p.Environment[name]; set != "" {
			o.protocol = set
		}
	}
	if o.protocol != "grpc" && o.protocol != "http/protobuf" {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL=%s is wrong: grpc or http/protobuf is wanted", o.protocol)
	}
	if o.address == "" {
		return o, nil
	}
	to, err := url.Parse(o.address)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return nil, fmt.Errorf("--out %s=%s is wrong: an address like http://127.0.0.1:4318 is wanted", Name, o.address)
	}
	if to.User != nil {
		return nil, fmt.Errorf("--out %s holds a name or a password: give OTEL_EXPORTER_OTLP_HEADERS in its place", Name)
	}
	if o.protocol == "http/protobuf" && strings.Trim(to.Path, "/") == "" {
		to.Path = "/v1/metrics"
		o.address = to.String()
	}
	return o, nil
}

// Description is what k6 prints of it.
func (o *Output) Description() string {
	to := o.address
	if to == "" {
		to = "OTEL_EXPORTER_OTLP_ENDPOINT, or this machine"
	}
	return fmt.Sprintf("%s (OTLP by %s to %s)", Name, o.protocol, to)
}

// Start connects to nothing yet: the first export does.
func (o *Output) Start() error {
	exporter, err := o.exporter()
	if err != nil {
		return err
	}
	about, err := resource.Merge(resource.Default(), resource.Environment())
	if err != nil {
		return err
	}
	o.run(metric.NewPeriodicReader(told{exporter, o.logger}, readerOptions()...), about)
	o.flusher, err = output.NewPeriodicFlusher(time.Second, o.flush)
	return err
}

func readerOptions() []metric.PeriodicReaderOption {
	if os.Getenv("OTEL_METRIC_EXPORT_INTERVAL") != "" {
		return nil // the SDK reads it
	}
	return []metric.PeriodicReaderOption{metric.WithInterval(exportEvery)}
}

// run begins to count for this reader.
func (o *Output) run(reader metric.Reader, about *resource.Resource) {
	options := []metric.Option{metric.WithReader(reader), metric.WithView(view())}
	if about != nil {
		options = append(options, metric.WithResource(about))
	}
	o.provider = metric.NewMeterProvider(options...)
	o.meters = newMeters(o.provider.Meter("gsai-perf"))
}

func (o *Output) exporter() (metric.Exporter, error) {
	ctx := context.Background()
	if o.protocol == "grpc" {
		var options []otlpmetricgrpc.Option
		if o.address != "" {
			options = append(options, otlpmetricgrpc.WithEndpointURL(o.address))
		}
		return otlpmetricgrpc.New(ctx, options...)
	}
	var options []otlpmetrichttp.Option
	if o.address != "" {
		options = append(options, otlpmetrichttp.WithEndpointURL(o.address))
	}
	return otlpmetrichttp.New(ctx, options...)
}

// view gives every histogram its buckets. Who asks for exponential ones gets those: they fit any limit to some per cent.
func view() metric.View {
	exponential := os.Getenv("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION") ==
		"base2_exponential_bucket_histogram"
	return func(i metric.Instrument) (metric.Stream, bool) {
		if i.Kind != metric.InstrumentKindHistogram {
			return metric.Stream{}, false
		}
		s := metric.Stream{Name: i.Name, Description: i.Description, Unit: i.Unit}
		if exponential {
			s.Aggregation = metric.AggregationBase2ExponentialHistogram{MaxSize: 160, MaxScale: 20}
			return s, true
		}
		bounds := counts
		switch i.Unit {
		case "ms":
			bounds = milliseconds
		case "s":
			bounds = seconds
		}
		s.Aggregation = metric.AggregationExplicitBucketHistogram{Boundaries: bounds}
		return s, true
	}
}

// Stop sends what is left.
func (o *Output) Stop() error {
	o.flusher.Stop()
	return o.close()
}

func (o *Output) close() error {
	// The exporter has complained already of what it could not send.
	_ = o.provider.Shutdown(context.Background())
	return nil
}

func (o *Output) flush() {
	for _, container := range o.GetBufferedSamples() {
		for _, sample := range container.GetSamples() {
			if strings.HasPrefix(sample.Metric.Name, "llm_") {
				o.meters.record(sample)
			}
		}
	}
}

// told is an exporter whose failures go to k6's log, where the run hears them: the SDK's go nowhere that k6 looks.
type told struct {
	metric.Exporter
	logger logrus.FieldLogger
}

// Export is metric.Exporter's.
func (t told) Export(ctx context.Context, data *metricdata.ResourceMetrics) error {
	if err := t.Exporter.Export(ctx, data); err != nil {
		t.logger.WithError(err).Error("the collector did not take the metrics")
	}
	return nil
}
