package sse

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// progress is what was told last of how the load goes. Only one goroutine has it in hand: that which pulses, or that
// which writes the file of the live page.
type progress struct {
	every   int64 // ns; 0: nothing is told
	at      int64 // on the schedule's scale
	started int64
	tokens  int64
}

// line is a sentence about the load at t (on the schedule's scale), "" between two lines.
func (l *load) line(p *progress, t int64) string {
	if p.every == 0 || t-p.at < p.every {
		return ""
	}
	now := l.ledger.Timeline.Standing()
	tokens := l.tokens.Load()
	seconds := float64(t-p.at) / float64(time.Second)
	sent, produced := float64(now.Started-p.started)/seconds, float64(tokens-p.tokens)/seconds
	p.at, p.started, p.tokens = t, now.Started, tokens
	parts := []string{left(l.schedule.End() - t)}
	if rate, wanted := l.schedule.Rate(t); wanted {
		parts = append(parts, fmt.Sprintf("%s of %s requests/s sent", three(sent), three(rate)))
	} else {
		parts = append(parts, three(sent)+" requests/s sent")
	}
	parts = append(parts, fmt.Sprintf("%d in flight", l.ledger.InFlight()))
	phase := l.schedule.Name(l.schedule.PhaseAt(t))
	if ttft := l.ttft(phase); ttft != "" {
		parts = append(parts, ttft)
	}
	if produced > 0 {
		parts = append(parts, three(produced)+" tokens/s")
	}
	line := strings.Join(append(parts, failed(now.Outcomes)), "; ")
	if phase == "" {
		return "the load is over: " + line
	}
	return phase + ": " + line
}

// ttft tells the 95th percentile of the time to first token in a phase so far, "" without any.
func (l *load) ttft(phase string) string {
	i := slices.IndexFunc(l.metrics, func(m *ledger.Metric) bool { return m.Measured == "ttft" && m.Timeline })
	if i < 0 || phase == "" {
		return ""
	}
	values := l.ledger.Timeline.Stats(phase, l.metrics[i].Name).Values
	if values.Count() == 0 {
		return ""
	}
	return fmt.Sprintf("TTFT p95 %s ms so far in this phase", three(values.Quantile(0.95)))
}

// left tells how long the schedule goes on.
func left(ns int64) string {
	if ns <= 0 {
		return "waiting for the last answers"
	}
	whole := time.Duration(ns).Round(time.Second)
	if whole < 2*time.Minute {
		return fmt.Sprintf("%.0f s left", whole.Seconds())
	}
	return fmt.Sprintf("%d min left", int(whole.Round(time.Minute).Minutes()))
}

// failed tells how many requests failed, by outcome, the most frequent first.
func failed(outcomes map[outcome.Outcome]int64) string {
	var sum int64
	bad := maps.Clone(outcomes)
	maps.DeleteFunc(bad, func(o outcome.Outcome, n int64) bool { return !o.Bad() || n == 0 })
	names := slices.SortedFunc(maps.Keys(bad), func(a, b outcome.Outcome) int {
		return cmp.Or(cmp.Compare(bad[b], bad[a]), cmp.Compare(a, b))
	})
	told := make([]string, len(names))
	for i, o := range names {
		sum += bad[o]
		told[i] = fmt.Sprintf("%s %d", o, bad[o])
	}
	if sum == 0 {
		return "none failed"
	}
	return fmt.Sprintf("%d failed (%s)", sum, strings.Join(told, ", "))
}

// three writes a number with three digits that count, without an exponent.
func three(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	default:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
	}
}
