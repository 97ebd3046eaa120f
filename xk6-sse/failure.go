package sse

import (
	"slices"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/failures"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// failure is what is kept of a request that failed.
func (r *Record) failure() failures.Failure {
	l, keeper := r.v.load, r.v.root.secrets
	f := failures.Failure{
		Outcome: r.outcome, Status: r.status, Text: r.said(), At: l.ledger.SinceStart(clock.Now()), Tags: r.tags.Values,
	}
	if r.head != nil {
		f.Headers = func(yield func(name, value string) bool) {
			for _, h := range r.head.Headers {
				if !yield(keeper.Line(h.Name), keeper.Line(h.Value)) {
					return
				}
			}
		}
	}
	return f
}

// said is why a request failed in one line: in the target's own words where it answered with an error, else in ours.
func (r *Record) said() string {
	if slices.Contains([]outcome.Outcome{outcome.HTTP4xx, outcome.HTTP429, outcome.HTTP5xx}, r.outcome) {
		if words := r.v.root.secrets.Line(content.Words(r.document)); words != "" {
			return words
		}
		return "no text"
	}
	return r.v.root.secrets.Line(content.Words([]byte(r.err)))
}
