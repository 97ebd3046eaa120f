package sse

import (
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"go.k6.io/k6/v2/metrics"

	"github.com/gsai-perf/xk6-sse/internal/credentials"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/route"
	"github.com/gsai-perf/xk6-sse/internal/schedule"
)

// goodput is the value of `measured` that follows from the request's other values.
const goodput = "goodput"

// config is what configure() takes.
type config struct {
	Metrics     []*ledger.Metric `json:"metrics"`
	Schedule    *schedule.Spec   `json:"schedule"`
	SlotSeconds float64          `json:"slotSeconds"`
	GapSamples  int              `json:"gapSamples"`
	BoundTrends bool             `json:"boundTrends"`
	Bounds      boundsDef        `json:"bounds"`
	CA          string           `json:"ca"`

	ProgressSeconds float64 `json:"progressSeconds"`

	Credentials *credentials.Spec `json:"credentials"`
	Route       route.Spec        `json:"route"`

	CacheHit *cacheHit `json:"cacheHit"`
}

var metricTypes = map[string]metrics.MetricType{
	"trend": metrics.Trend, "rate": metrics.Rate, "counter": metrics.Counter, "gauge": metrics.Gauge,
}

// apply registers the metrics and lays out what counts them.
func (c *config) apply(registry *metrics.Registry, l *load) error {
	l.byName = make(map[string]*ledger.Metric, len(c.Metrics))
	for i, m := range c.Metrics {
		m.Index = i
		if err := l.register(registry, m); err != nil {
			return err
		}
		if c.BoundTrends {
			ledger.Bound(m.K6)
		}
	}
	var err error
	if l.bounds, err = c.Bounds.bounds(); err != nil {
		return err
	}
	if l.roots, err = rootsWith(c.CA); err != nil {
		return err
	}
	l.secrets.AddURL(c.Route.Proxy)
	if l.routes, err = route.New(c.Route); err != nil {
		return err
	}
	if c.Credentials != nil {
		if l.credentials, err = credentials.New(*c.Credentials); err != nil {
			return err
		}
	}
	var phases []string
	if c.Schedule != nil {
		c.Schedule.Trace = l.trace
		if l.schedule, err = schedule.New(*c.Schedule); err != nil {
			return err
		}
		phases = l.schedule.Names()
	}
	if c.SlotSeconds <= 0 {
		return fmt.Errorf("slotSeconds is %v; it must be above 0", c.SlotSeconds)
	}
	l.metrics, l.gapSamples, l.cacheHit = c.Metrics, c.GapSamples, c.CacheHit
	l.progress.every = int64(max(0, c.ProgressSeconds) * 1e9)
	l.ledger = ledger.New(c.Metrics, phases, int64(math.Round(c.SlotSeconds*1e9)))
	return nil
}

// rootsWith is the system's certificates of authorities and those in pem; nil where there are none in it.
func rootsWith(pem string) (*x509.CertPool, error) {
	if pem == "" {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM([]byte(pem)) {
		return nil, errors.New("ca holds no certificate in PEM")
	}
	return roots, nil
}

// register makes k6's metric and notes where its values come from.
func (l *load) register(registry *metrics.Registry, m *ledger.Metric) error {
	kind, ok := metricTypes[m.Type]
	if !ok {
		return fmt.Errorf("metric %s has the type %q; trend, rate, counter and gauge are allowed", m.Name, m.Type)
	}
	if m.On != "" && (m.Type != "counter" || (m.On != "start" && m.On != "interrupted")) {
		return fmt.Errorf("metric %s has on: %q; a counter may have start or interrupted", m.Name, m.On)
	}
	switch m.Pulse {
	case "":
	case "wantedRate", "inFlight", "cpu":
		l.pulsed = append(l.pulsed, m)
	default:
		return fmt.Errorf("metric %s has pulse: %q; wantedRate, inFlight and cpu are allowed", m.Name, m.Pulse)
	}
	switch figure, known := figures[m.Measured]; {
	case m.Measured == "":
	case m.Measured == goodput:
		l.goodput = append(l.goodput, m)
	case known:
		l.filled = append(l.filled, filled{m, figure})
	default:
		return fmt.Errorf("metric %s has measured: %q; allowed are %s and %s", m.Name, m.Measured, goodput,
			strings.Join(slices.Sorted(maps.Keys(figures)), ", "))
	}
	contains := metrics.Default
	if m.Time {
		contains = metrics.Time
	}
	l.byName[m.Name] = m
	var err error
	m.K6, err = registry.NewMetric(m.Name, kind, contains)
	return err
}
