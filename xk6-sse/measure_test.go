package sse

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// aStream: sent 50 ms late, 40 of them since no user was free and 3 for its connection, so 7 by the generator; 101 tokens in 50 events, of which the first came after 200 ms and the last after 1200.
func aStream(v *VU) *Record {
	return &Record{
		v: v, outcome: "ok", due: 0, held: 40e6, sent: 1 + 50e6, connect: 3e6, ttfb: 100e6, firstChunk: 100e6, ttft: 200e6, ttfo: 210e6, e2e: 1200e6,
		promptTokens: 30, completionTokens: 101, contentEvents: 50, counted: -1, reasoningTokens: 0, cachedTokens: 20,
	}
}

// measuring is a module with one metric for each figure, named as it, whose schedule began at 1 ns.
func measuring() *VU {
	root := New()
	root.load.ledger.Begin(1, 1)
	for name, f := range figures {
		root.load.filled = append(root.load.filled, filled{&ledger.Metric{Name: name}, f})
	}
	return &VU{root: root, load: root.load}
}

func valuesOf(r *Record) map[string]float64 {
	found := map[string]float64{}
	for _, b := range r.measured(nil) {
		found[b.Metric.Name] = b.Value
	}
	return found
}

func TestTheFormulasOfAStream(t *testing.T) {
	assert.Equal(t, map[string]float64{
		"connect": 3, "queue": 50, "failed": 0, "ended": 1, "ttfb": 100, "firstChunk": 100, "ttft": 200, "ttftConnect": 203, "ttfo": 210, "e2e": 1200,
		"e2eScheduled": 1243, "ttftScheduled": 243, "promptTokens": 30, "reasoningTokens": 0, "cachedTokens": 20,
		"completionTokens": 101, "tokensPerChunk": 2.02, "tpot": 10, "tokensPerSecond": 100,
	}, valuesOf(aStream(measuring())))
}

// Tokens that came all at once, or fewer than two, have no rate.
func TestNoInfiniteRate(t *testing.T) {
	for _, change := range []func(*Record){
		func(r *Record) { r.e2e = r.ttft }, func(r *Record) { r.completionTokens = 1 }, func(r *Record) { r.completionTokens = -1 }, func(r *Record) { r.contentEvents = 0 },
	} {
		r := aStream(measuring())
		change(r)
		values := valuesOf(r)
		assert.NotContains(t, values, "tpot")
		assert.NotContains(t, values, "tokensPerSecond")
	}
}

func TestEveryValueIsFiniteWhateverIsMissing(t *testing.T) {
	for _, o := range []outcome.Outcome{"ok", "http_5xx", "empty", "cancelled"} {
		r := &Record{
			v:                measuring(),
			outcome:          o,
			due:              math.NaN(),
			ttfb:             -1,
			firstChunk:       -1,
			ttft:             -1,
			ttfo:             -1,
			e2e:              -1,
			promptTokens:     -1,
			completionTokens: -1,
			counted:          -1,
			reasoningTokens:  -1,
			cachedTokens:     -1,
		}
		failed := oneIf(!o.Good())
		assert.Equal(t, map[string]float64{"failed": failed, "ended": 1}, valuesOf(r), o)
	}
}

// An error at 2 ms is not a fast answer, and neither is one that never got a connection.
func TestNoFastErrors(t *testing.T) {
	r := aStream(measuring())
	r.outcome = "http_5xx"
	assert.Equal(t, map[string]float64{"connect": 3, "queue": 50, "failed": 1, "ended": 1}, valuesOf(r))
	r.outcome, r.sent, r.connect = "connect", 0, 0
	assert.Equal(t, map[string]float64{"failed": 1, "ended": 1}, valuesOf(r))
}

func TestGoodputIsTheShareThatKeptToAllLimits(t *testing.T) {
	u := newVU(t, New(), "")
	u.run(`sse.configure({slotSeconds: 1, gapSamples: 2, metrics: [{name: 'llm_ttft', type: 'trend', measured: 'ttft'},
		{name: 'llm_goodput', type: 'rate', measured: 'goodput'}, {name: 'other', type: 'trend'}]})`)
	u.rt.MoveToVUContext(u.state)
	url := server(t, saying(sseHead+good))
	for _, c := range []struct {
		limits, values string
		want           float64
	}{
		{`[]`, `{}`, 1},
		{`[{metric: 'llm_ttft', below: 5000}]`, `{}`, 1},
		{`[{metric: 'llm_ttft', atLeast: 5000}]`, `{}`, 0},
		{`[{metric: 'other', below: 7}]`, `{other: 7}`, 0},
		{`[{metric: 'other', below: 7}]`, `{other: 6.9}`, 1},
		{`[{metric: 'other', atLeast: 7}]`, `{other: 7}`, 1},
		{`[{metric: 'llm_ttft', below: 5000}, {metric: 'other', below: 7}]`, `{}`, 1}, // has no value of it
	} {
		u.run(`get('` + url + `', {limits: ` + c.limits + `}).settle(` + c.values + `)`)
		for _, sample := range u.pushed() {
			if sample.Metric.Name == "llm_goodput" {
				assert.InDelta(t, c.want, sample.Value, 0, c.limits+c.values)
			}
		}
	}
	u.run(`get('` + server(t, saying(sseHead)) + `', {}).settle()`)
	for _, row := range u.snapshot().Rows {
		if row.Metric == "llm_goodput" && row.Tags["outcome"] == "empty" {
			assert.EqualValues(t, 1, row.Histogram.Count, "what fails stays in the denominator")
			assert.Zero(t, row.Histogram.Sum)
		}
	}
}

func TestAnAnswerWithAnotherCountThanWantedIsMalformed(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	answer := sized("200 OK", "application/json", `{"data":[1,2]}`)
	for counted, want := range map[string]string{"2": "ok", "3": "malformed"} {
		r := u.stream(server(t, saying(answer)), `{expect: 'json', count: 'data.#', counted: `+counted+`}`)
		assert.Equal(t, want, r.Outcome, r.Error)
	}
}

func TestValuesBelongToTheTimeWhenTheRequestWasDue(t *testing.T) {
	r := aStream(measuring())
	r.due = 900
	r.sent = 1 + 1100e6
	assert.EqualValues(t, 900e6, r.bookedAt(), "an answer that came late is no answer of a later time")
	r.due = math.NaN()
	assert.EqualValues(t, 1100e6, r.bookedAt(), "sent, where nothing was due")
	r.sent = 0
	assert.Equal(t, ledger.NoTime, r.bookedAt(), "never sent")
}
