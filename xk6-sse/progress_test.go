package sse

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

func TestALineSaysHowTheLoadGoesAndNotOnlyThatNoIterationHasEnded(t *testing.T) {
	u := newVU(t, New(), "")
	u.run(`sse.configure({metrics: [{name: 'llm_ttft', type: 'trend', measured: 'ttft', timeline: true}],
		schedule: {arrivals: 'constant', seed: 1, segments: [{phase: 'climb', from: 20, to: 20, seconds: 60}]},
		slotSeconds: 1, gapSamples: 2, progressSeconds: 5})`)
	l := u.v.load
	l.ledger.Begin(clock.Now(), time.Now().UnixNano())
	at := func(seconds float64) int64 { return int64(seconds * 1e9) }
	assert.Empty(t, l.line(&l.progress, at(4)))
	for i := range 98 {
		l.ledger.Timeline.Start(at(0.05*float64(i)), 0, l.ledger.Enter())
		l.ledger.Timeline.Add(at(0.05*float64(i)), 0, []ledger.Value{{Metric: l.metrics[0], Value: 200}}, nil)
	}
	for range 85 {
		l.ledger.Leave(at(4))
	}
	l.ledger.Timeline.End(at(3), 0, outcome.OK)
	l.ledger.Timeline.End(at(3), 0, outcome.HTTP429)
	l.ledger.Timeline.End(at(4), 0, outcome.HTTP429)
	l.ledger.Timeline.End(at(4), 0, outcome.Connect)
	l.tokens.Add(6200)
	assert.Equal(t, "climb: 55 s left; 19.6 of 20 requests/s sent; 13 in flight; TTFT p95 200 ms so far in this phase; "+
		"1240 tokens/s; 3 failed (http_429 2, connect 1)", l.line(&l.progress, at(5)))
	assert.Empty(t, l.line(&l.progress, at(9)), "not before five more seconds")
	assert.Contains(t, l.line(&l.progress, at(10)), "climb: 50 s left; 0 of 20 requests/s sent; 13 in flight;", "the target holds them all")
	assert.Contains(t, l.line(&l.progress, at(61)), "the load is over: waiting for the last answers;")
}

func TestFailuresOfAnHourAgoStillCountAsFailures(t *testing.T) {
	line := ledger.New(nil, nil, int64(time.Second)).Timeline
	line.End(int64(time.Second), 0-1, outcome.HTTP5xx)
	line.End(int64(time.Hour), 0-1, outcome.OK)
	assert.Equal(t, "1 failed (http_5xx 1)", failed(line.Standing().Outcomes), "slots that have passed are packed")
}

func TestALoadWithoutFailuresSaysSoAndALongOneCountsMinutes(t *testing.T) {
	assert.Equal(t, "none failed", failed(map[outcome.Outcome]int64{outcome.OK: 7}))
	assert.Equal(t, "58 min left", left(int64(58*time.Minute)))
	assert.Equal(t, "119 s left", left(int64(119*time.Second)))
	for v, want := range map[float64]string{0: "0", 0.5: "0.5", 9.999: "10", 20: "20", 19.84: "19.8", 1240.4: "1240"} {
		assert.Equal(t, want, three(v))
	}
}
