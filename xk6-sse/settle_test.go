package sse

import (
	"math"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// balanced checks the promise of Snapshot.started.
func balanced(t *testing.T, s snapshotView) {
	t.Helper()
	assert.Equal(t, s.Started, s.Finished+s.Failed+s.Interrupted+s.Open+s.Lost)
}

func TestEveryRequestIsBookedOnce(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	url := server(t, saying(sseHead+good))
	u.run(`const r = get('` + url + `', {})`)
	s := u.snapshot()
	balanced(t, s)
	assert.EqualValues(t, 1, s.Open, "came back and is not settled")

	u.run(`r.settle({llm_ttft: 3}); r.settle({llm_ttft: 3})`)
	s = u.snapshot()
	balanced(t, s)
	assert.EqualValues(t, 1, s.Finished)
	assert.Zero(t, s.Failed, "settled twice")

	u.run(
		`get('` + server(
			t,
			saying(sseHead),
		) + `', {}).settle(); get('` + url + `', {cancelAfter: {events: 1}}).settle()`,
	)
	u.run(`get('` + url + `', {}); get('` + url + `', {probe: true}).settle({llm_ttft: 1})`)
	s = u.snapshot()
	balanced(t, s)
	assert.EqualValues(t, 4, s.Started, "a probe is not counted")
	assert.EqualValues(t, 2, s.Finished, "cancelled by us is no failure")
	assert.EqualValues(t, 1, s.Failed)
	assert.EqualValues(t, 1, s.Lost)
	assert.Equal(t, []ledger.OutcomeView{
		{Tags: map[string]string{"model": "m", "outcome": "cancelled"}, Outcome: "cancelled", Count: 1},
		{Tags: map[string]string{"model": "m", "outcome": "empty"}, Outcome: "empty", Count: 1},
		{Tags: map[string]string{"model": "m", "outcome": "ok"}, Outcome: "ok", Count: 1},
	}, s.Outcomes)
}

func TestRequestLeftBehindByAnEndedIterationIsLost(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	u.run(`get('` + server(t, saying(sseHead+good)) + `', {})`)
	u.cancel()
	assert.Eventually(t, func() bool { return u.snapshot().Lost == 1 }, soon, time.Millisecond)
	balanced(t, u.snapshot())
}

func TestRowsHoldWhatWasSettled(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	u.run(
		`get('` + server(
			t,
			saying(sseHead+good),
		) + `', {tags: {a: '1', b: '2'}}).settle({llm_ttft: [3, 700, NaN], llm_error: false})`,
	)
	u.run(
		`get('` + server(
			t,
			saying(sseHead+good),
		) + `', {tags: {b: '2', a: '1'}}).settle({llm_ttft: Infinity, llm_error: true, llm_inter_chunk: undefined})`,
	)
	s := u.snapshot()
	assert.EqualValues(t, 2, s.RefusedValues)
	ab := map[string]string{"a": "1", "b": "2", "outcome": "ok"}
	rows := map[string]ledger.RowView{}
	for _, row := range s.Rows {
		rows[row.Metric] = row
	}
	assert.Equal(t, ab, rows["llm_ttft"].Tags, "the tags' order does not matter")
	assert.EqualValues(t, 2, rows["llm_ttft"].Histogram.Count)
	assert.EqualValues(t, 1, rows["llm_ttft"].Histogram.Below["500"])
	assert.EqualValues(t, 2, rows["llm_error"].Histogram.Count)
	assert.EqualValues(t, 1, rows["llm_error"].Histogram.Sum)
	assert.Empty(t, rows["llm_error"].Histogram.Buckets, "a rate needs none")
	assert.EqualValues(t, 2, rows["llm_inter_chunk"].Histogram.Count, "the gaps come from the streams")
	assert.EqualValues(t, 2, rows["llm_started"].Histogram.Sum)
}

func TestSamplesHaveTheirOwnNanosecond(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	url := server(t, saying(sseHead+role+token+token+token+token+token+finished))
	for range 20 {
		u.run(`get('` + url + `', {}).settle({llm_ttft: [1, 2, 3, NaN], llm_error: 0})`)
	}
	u.run(`sse.push({model: 'm'}, {llm_ttft: 4})`)
	seen := map[int64]bool{}
	count := map[string]int{}
	for _, s := range u.pushed() {
		count[s.Metric.Name]++
		if s.Metric.Name != "data_sent" && s.Metric.Name != "data_received" {
			assert.False(t, seen[s.Time.UnixNano()], s.Metric.Name)
			seen[s.Time.UnixNano()] = true
		}
		assert.False(t, math.IsNaN(s.Value) || math.IsInf(s.Value, 0))
		scenario, _ := s.Tags.Get("scenario")
		assert.Equal(t, "test", scenario, s.Metric.Name)
	}
	assert.Equal(t, 61, count["llm_ttft"])
	assert.Equal(t, 40, count["llm_inter_chunk"], "two of the four gaps of each stream")
	assert.Equal(t, 20, count["llm_started"])
	for _, name := range []string{"http_reqs", "http_req_duration", "http_req_waiting", "http_req_connecting", "http_req_failed"} {
		assert.Equal(t, 20, count[name], name)
	}
	assert.Positive(t, count["data_received"])
}

func TestSampledGapsAreDrawnWithoutBias(t *testing.T) {
	gaps := []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	const rounds, n = 20_000, 3
	drawn := make([]int, len(gaps))
	for range rounds {
		part := sampled(gaps, n)
		require.Len(t, part, n)
		require.True(t, slices.IsSorted(part))
		for _, g := range part {
			drawn[int(g)]++
		}
	}
	for _, times := range drawn {
		p := float64(n) / float64(len(gaps))
		assert.InDelta(t, p*rounds, times, 5*math.Sqrt(rounds*p*(1-p)))
	}
	assert.Equal(t, gaps[:2], sampled(gaps[:2], n))
}

func TestVUsBookTogether(t *testing.T) {
	root := New()
	const users = 20
	schedule := `{arrivals: 'poisson', seed: 3, segments: [{phase: 'a', from: 400, to: 400, seconds: 0.5}, {phase: 'b', from: 200, to: 0, seconds: 0.5}]}`
	url := server(t, keeping(new(atomic.Int64), chunked(good, "0\r\n\r\n")))
	var all []*testVU
	for range users {
		all = append(all, newVU(t, root, schedule))
	}
	var wg sync.WaitGroup
	for _, u := range all {
		wg.Go(func() {
			u.run(`
const prepared = (phase) => sse.prepare('` + url + `', {expect: 'stream', paths, timeouts, tags: {phase}});
const of = {a: prepared('a'), b: prepared('b')};
sse.serve(1, (arrival) => ({prepared: of[arrival.phase], body: '{}'}), (r) => r.settle({llm_ttft: r.ttft}));`)
		})
	}
	wg.Wait()
	s := all[0].snapshot()
	balanced(t, s)
	assert.Zero(t, s.Open+s.Lost+s.Interrupted)
	require.Len(t, s.Phases, 2)
	var dispatched, started int64
	for _, p := range s.Phases {
		assert.Equal(t, p.Due, p.Dispatched+p.Dropped, p.Phase)
		assert.Positive(t, p.MaxInFlight)
		dispatched += p.Dispatched
	}
	for _, slot := range s.Timeline {
		started += slot.Started
	}
	assert.Equal(t, dispatched, s.Started)
	assert.Equal(t, s.Started, started)
	assert.Positive(t, s.Instrument.Lateness.Count)
	assert.Equal(t, runtime.NumCPU(), s.Instrument.CPUs)
	var stats struct {
		Started, Ended, Failed int64
		P50                    float64
	}
	all[1].eval(&stats, `sse.phaseStats('a', 'llm_ttft')`)
	assert.Equal(t, s.Phases[0].Dispatched, stats.Started)
	assert.Equal(t, stats.Started, stats.Ended)
	assert.Positive(t, stats.P50)
}

func TestPhaseStatsWithoutValuesAreNaN(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	assert.True(t, u.run(`Number.isNaN(sse.phaseStats('none', 'llm_ttft').p50)`).ToBoolean())
}

func TestBusyUsersDropWhatTheyCannotSend(t *testing.T) {
	u := newVU(t, New(), `{arrivals: 'constant', seed: 1, segments: [
		{phase: 'a', from: 100, to: 100, seconds: 0.1}, {phase: 'b', from: 10, to: 10, seconds: 0.1}]}`)
	url := server(t, then("", func(c net.Conn) {
		time.Sleep(120 * time.Millisecond) // until then the only user is busy
		_, _ = c.Write([]byte(sseHead + good))
	}))
	assert.JSONEq(t, `{"asked": 2, "answered": 2}`, u.run(serving("1", url)).String())
	s := u.snapshot()
	assert.EqualValues(t, 1, s.Phases[0].Dispatched)
	assert.EqualValues(t, 9, s.Phases[0].Dropped)
	assert.EqualValues(t, 1, s.Phases[1].Waited)
	var dropped float64
	for _, sample := range u.pushed() {
		if sample.Metric.Name == "dropped_iterations" {
			dropped += sample.Value
		}
	}
	assert.EqualValues(t, 9, dropped)
	assert.Zero(t, u.run(recording("1")+`seen.length`).ToInteger(), "the schedule has ended")
}

func TestJumpWakesWhoWaits(t *testing.T) {
	root := New()
	schedule := `{arrivals: 'constant', seed: 1, segments: [
		{phase: 'slow', from: 0.01, to: 0.01, seconds: 1000}, {phase: 'fast', from: 50, to: 50, seconds: 0.2}]}`
	waits, jumps := newVU(t, root, schedule), newVU(t, root, schedule)
	jump := func() { jumps.run(`sse.jump('fast'); sse.jump('fast')`) }
	_ = waits.rt.VU.RuntimeField.Set("soon", func() { time.AfterFunc(30*time.Millisecond, jump) })
	waits.run(`var seen = []; sse.serve(1, (arrival) => { if (seen.push(arrival) === 1) soon(); }, () => {});`)
	var seen []struct {
		Phase string
		Index int
	}
	waits.eval(&seen, `seen`)
	require.Len(t, seen, 11)
	assert.Equal(t, "slow", seen[0].Phase)
	assert.Equal(t, "fast", seen[1].Phase)
	assert.Equal(t, 1, seen[1].Index)
}

func TestClosedLoopGoesOnUntilTheEnd(t *testing.T) {
	u := newVU(t, New(), `{arrivals: 'closed', seed: 1, segments: [{phase: 'a', from: 0, to: 0, seconds: 0.05}]}`)
	n := u.run(recording("1") + `seen.length`).ToInteger()
	assert.Greater(t, n, int64(10))
	assert.Equal(t, n, u.snapshot().Phases[0].Dispatched)
}

func TestScriptErrorsAreKept(t *testing.T) {
	u := newVU(t, New(), shortLoad)
	u.run(`let i = 0; sse.serve(1, () => { throw 'error ' + i++ % 15; }, () => {})`)
	s := u.snapshot()
	assert.EqualValues(t, 30, s.ScriptErrors)
	assert.Len(t, s.FirstScriptErrors, 10)
	assert.Contains(t, s.FirstScriptErrors, "error 9")
	assert.Equal(t, "abc", u.run(`sse.keep('abc'); sse.kept()`).String())
}

func TestRowsOfMetricsWithBatchesHaveThem(t *testing.T) {
	u := newVU(t, New(), "")
	u.run(`sse.configure({metrics: [
		{name: 'llm_ttft', type: 'trend', batches: true, bounds: [1000]}, {name: 'llm_e2e', type: 'trend'},
	], schedule: ` + shortLoad + `, slotSeconds: 1, gapSamples: 2})`)
	u.rt.MoveToVUContext(u.state)
	u.run(serving("3", server(t, saying(sseHead+good))))
	u.run(`sse.tally({phase: 'a'}, {llm_ttft: [5000, 6000]}, 2500); sse.push({phase: 'a'}, {llm_ttft: 7})`)
	rows := map[string]ledger.RowView{}
	for _, row := range u.snapshot().Rows {
		rows[row.Metric+row.Tags["outcome"]] = row
		assert.True(t, strings.HasPrefix(row.Metric, "llm_ttft") == (row.Batches != nil), row.Metric)
	}
	asked := rows["llm_ttftok"].Batches
	assert.Equal(t, []int64{1000, 0}, []int64{asked.Width, asked.First})
	assert.Equal(t, []int64{30}, asked.Count, "by when they were due: all within 0.3 s")
	tallied := rows["llm_ttft"]
	assert.EqualValues(t, 2, tallied.Batches.First, "of the time that tally() names")
	assert.Equal(t, []int64{2}, tallied.Batches.Count, "push() names none")
	assert.Equal(t, []int64{0}, tallied.Batches.Below["1000"])
	assert.EqualValues(t, 3, tallied.Histogram.Count)
}
