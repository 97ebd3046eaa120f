package sse

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.k6.io/k6/v2/metrics"
)

// metricDef is one row of the metrics table, as configure() got it, with k6's metric.
type metricDef struct {
	Name     string    `json:"name"`
	Type     string    `json:"type"`
	Time     bool      `json:"time"`
	Gaps     bool      `json:"gaps"`
	Timeline bool      `json:"timeline"`
	Measured string    `json:"measured"`
	On       string    `json:"on"`
	Pulse    string    `json:"pulse"`
	Bounds   []float64 `json:"bounds"`

	index  int
	metric *metrics.Metric
	figure figure // of Measured
}

// goodput is the value of `measured` that follows from the request's other values.
const goodput = "goodput"

type scheduleDef struct {
	Arrivals string    `json:"arrivals"`
	Seed     float64   `json:"seed"`
	Burst    float64   `json:"burst"`
	Segments []segment `json:"segments"`
}

type config struct {
	Metrics     []*metricDef `json:"metrics"`
	Schedule    *scheduleDef `json:"schedule"`
	SlotSeconds float64      `json:"slotSeconds"`
	GapSamples  int          `json:"gapSamples"`
	BoundTrends bool         `json:"boundTrends"`
	Bounds      boundsDef    `json:"bounds"`
}

// apply registers the metrics and lays out what counts them.
func (c *config) apply(registry *metrics.Registry, root *Root) error {
	types := map[string]metrics.MetricType{"trend": metrics.Trend, "rate": metrics.Rate, "counter": metrics.Counter, "gauge": metrics.Gauge}
	byName := make(map[string]*metricDef, len(c.Metrics))
	for i, m := range c.Metrics {
		kind, ok := types[m.Type]
		if !ok {
			return fmt.Errorf("metric %s has the type %q; trend, rate, counter and gauge are allowed", m.Name, m.Type)
		}
		if m.On != "" && (m.Type != "counter" || (m.On != "start" && m.On != "interrupted")) {
			return fmt.Errorf("metric %s has on: %q; a counter may have start or interrupted", m.Name, m.On)
		}
		if m.Pulse != "" && m.Pulse != "wantedRate" && m.Pulse != "inFlight" && m.Pulse != "cpu" {
			return fmt.Errorf("metric %s has pulse: %q; wantedRate, inFlight and cpu are allowed", m.Name, m.Pulse)
		}
		if m.Measured != "" && m.Measured != goodput {
			if m.figure, ok = figures[m.Measured]; !ok {
				return fmt.Errorf("metric %s has measured: %q; allowed are %s and %s", m.Name, m.Measured, goodput, strings.Join(slices.Sorted(maps.Keys(figures)), ", "))
			}
			root.measured = append(root.measured, m)
		}
		contains := metrics.Default
		if m.Time {
			contains = metrics.Time
		}
		var err error
		if m.metric, err = registry.NewMetric(m.Name, kind, contains); err != nil {
			return err
		}
		m.index = i
		byName[m.Name] = m
		if m.Pulse != "" {
			root.pulsed = append(root.pulsed, m)
		}
	}
	if c.BoundTrends {
		for _, m := range c.Metrics {
			bound(m.metric)
		}
	}
	if s := c.Schedule; s != nil {
		if err := s.check(); err != nil {
			return err
		}
		root.schedule = newSchedule(s.Arrivals, uint64(int64(s.Seed)), s.Segments)
		root.schedule.burst = s.Burst
		root.laidOut = func() *schedule {
			again := newSchedule(s.Arrivals, uint64(int64(s.Seed)), s.Segments)
			again.burst = s.Burst
			return again
		}
	}
	var err error
	if root.bounds, err = c.Bounds.bounds(); err != nil {
		return err
	}
	if c.SlotSeconds <= 0 {
		return fmt.Errorf("slotSeconds is %v; it must be above 0", c.SlotSeconds)
	}
	root.metrics, root.byName, root.gapSamples = c.Metrics, byName, c.GapSamples
	root.ledger = newLedger(c.Metrics, root.schedule, seconds(c.SlotSeconds))
	return nil
}

func (s *scheduleDef) check() error {
	if !slices.Contains([]string{"constant", "poisson", "closed"}, s.Arrivals) {
		return fmt.Errorf("schedule.arrivals is %q; constant, poisson and closed are allowed", s.Arrivals)
	}
	if s.Burst < 0 || s.Burst > 0 && s.Arrivals != "constant" {
		return fmt.Errorf("schedule.burst is %v with %s arrivals; bursts are of constant arrivals", s.Burst, s.Arrivals)
	}
	if len(s.Segments) == 0 {
		return errors.New("the schedule has no segments")
	}
	for _, g := range s.Segments {
		if !(g.Seconds >= 0) || !(g.From >= 0) || !(g.To >= 0) { // written so that NaN fails too
			return fmt.Errorf("a segment of phase %s has a negative or missing number: %+v", g.Phase, g)
		}
	}
	return nil
}
