package genai

import (
	"context"

	"go.k6.io/k6/v2/metrics"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// meters are the instruments, made when the first sample of each comes. Only the flusher's goroutine uses them.
type meters struct {
	meter      metric.Meter
	histograms map[string]metric.Float64Histogram
	counters   map[string]metric.Float64Counter
	attributes map[*metrics.TagSet]sets
}

// sets are a sample's tags as attributes: all of them, and those that the conventions name.
type sets struct{ own, genAI attribute.Set }

func newMeters(meter metric.Meter) *meters {
	return &meters{
		meter: meter, histograms: map[string]metric.Float64Histogram{}, counters: map[string]metric.Float64Counter{},
		attributes: map[*metrics.TagSet]sets{},
	}
}

// convention is the metric of OpenTelemetry's conventions for generative AI (semantic conventions, gen_ai client
// metrics) that a metric of ours is sent as, too.
type convention struct {
	name, unit, means string
	scale             float64
	extra             []attribute.KeyValue
}

var conventions = map[string]convention{
	"llm_e2e": {"gen_ai.client.operation.duration", "s", "GenAI operation duration", 1e-3, nil},
	"llm_first_chunk": {
		"gen_ai.client.operation.time_to_first_chunk", "s", "Time to receive the first chunk of a stream", 1e-3, nil,
	},
	"llm_inter_chunk": {
		"gen_ai.client.operation.time_per_output_chunk", "s", "Time between two output chunks of a stream", 1e-3, nil,
	},
	"llm_prompt_tokens": {
		"gen_ai.client.token.usage", "{token}", "Number of input and output tokens used", 1,
		[]attribute.KeyValue{attribute.String("gen_ai.token.type", "input")},
	},
	"llm_completion_tokens": {
		"gen_ai.client.token.usage", "{token}", "Number of input and output tokens used", 1,
		[]attribute.KeyValue{attribute.String("gen_ai.token.type", "output")},
	},
}

// record counts one sample under our name, and under that of the conventions where they have one.
func (m *meters) record(s metrics.Sample) {
	ctx := context.Background()
	tags := m.attributesOf(s.Tags)
	switch s.Metric.Type {
	case metrics.Trend:
		unit := ""
		if s.Metric.Contains == metrics.Time {
			unit = "ms"
		}
		m.histogram(s.Metric.Name, unit, "").Record(ctx, s.Value, metric.WithAttributeSet(tags.own))
	case metrics.Counter:
		m.counter(s.Metric.Name).Add(ctx, s.Value, metric.WithAttributeSet(tags.own))
	case metrics.Rate: // as k6's own output has it
		condition := "zero"
		if s.Value != 0 {
			condition = "nonzero"
		}
		m.counter(s.Metric.Name).Add(ctx, 1, metric.WithAttributeSet(tags.own),
			metric.WithAttributes(attribute.String("condition", condition)))
	case metrics.Gauge: // ours is of the run's own state, which k6's summary shows
	}
	if c, known := conventions[s.Metric.Name]; known {
		m.histogram(c.name, c.unit, c.means).Record(ctx, s.Value*c.scale, metric.WithAttributeSet(tags.genAI),
			metric.WithAttributes(c.extra...))
	}
}

func (m *meters) histogram(name, unit, means string) metric.Float64Histogram {
	h, made := m.histograms[name]
	if !made {
		h, _ = m.meter.Float64Histogram(name, metric.WithUnit(unit), metric.WithDescription(means)) // a no-op on an error
		m.histograms[name] = h
	}
	return h
}

func (m *meters) counter(name string) metric.Float64Counter {
	c, made := m.counters[name]
	if !made {
		c, _ = m.meter.Float64Counter(name)
		m.counters[name] = c
	}
	return c
}

// setsKept bounds the memory of tag sets: k6 makes one object for each set of tags, and ours have few.
const setsKept = 10_000

func (m *meters) attributesOf(tags *metrics.TagSet) sets {
	if known, ok := m.attributes[tags]; ok {
		return known
	}
	values := tags.Map()
	var own []attribute.KeyValue
	for name, value := range values {
		own = append(own, attribute.String(name, value))
	}
	made := sets{attribute.NewSet(own...), attribute.NewSet(conventional(values)...)}
	if len(m.attributes) < setsKept {
		m.attributes[tags] = made
	}
	return made
}

// conventional are the attributes that the conventions name. Which provider stands behind a gateway is not seen from
// here: "openai" is what they ask for where the protocol is OpenAI's.
func conventional(tags map[string]string) []attribute.KeyValue {
	operation := map[string]string{"chat": "chat", "embedding": "embeddings"}[tags["kind"]]
	if operation == "" {
		operation = tags["kind"]
	}
	all := []attribute.KeyValue{
		attribute.String("gen_ai.operation.name", operation),
		attribute.String("gen_ai.provider.name", "openai"),
	}
	if model := tags["model"]; model != "" {
		all = append(all, attribute.String("gen_ai.request.model", model))
	}
	if outcome := tags["outcome"]; outcome != "" && outcome != "ok" {
		all = append(all, attribute.String("error.type", outcome))
	}
	return all
}
