package sse

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serving is a script that plays `users` users against url.
func serving(users, url string) string {
	return `
let asked = 0, answered = 0;
const prepared = sse.prepare('` + url + `', {expect: 'stream', paths, timeouts, tags: {phase: 'a'}});
sse.serve(` + users + `, (arrival) => ({prepared, body: '{}', number: asked++}),
	(record, request) => { answered++; record.settle({llm_ttft: record.ttft}); });
JSON.stringify({asked, answered})`
}

const shortLoad = `{arrivals: 'constant', seed: 1, segments: [{phase: 'a', from: 100, to: 100, seconds: 0.3}]}`

func TestOneVUPlaysManyUsersSideBySide(t *testing.T) {
	var open, most atomic.Int64
	// Answers only once ten are waiting: a VU that sent one after the other would never get there.
	url := server(t, then("", func(c net.Conn) {
		n := open.Add(1)
		most.Store(max(most.Load(), n))
		for until := time.Now().Add(soon); most.Load() < 10 && time.Now().Before(until); {
			time.Sleep(time.Millisecond)
		}
		open.Add(-1)
		_, _ = c.Write([]byte(sseHead + good))
	}))
	u := newVU(t, New(), shortLoad)
	assert.JSONEq(t, `{"asked": 30, "answered": 30}`, u.run(serving("30", url)).String())
	s := u.snapshot()
	balanced(t, s)
	assert.EqualValues(t, 30, s.Finished)
	assert.GreaterOrEqual(t, most.Load(), int64(10))
	assert.GreaterOrEqual(t, s.Instrument.Lateness.Count, uint64(20), "most waited for their arrival")
}

func TestWhatTheScriptThrowsInServeIsCountedAndTheLoadGoesOn(t *testing.T) {
	u := newVU(t, New(), shortLoad)
	url := server(t, saying(sseHead+good))
	u.run(`
let n = 0;
const prepared = sse.prepare('` + url + `', {expect: 'stream', paths, timeouts});
sse.serve(3, (arrival) => {
	n++;
	if (n === 1) throw new TypeError('no prompt');
	if (n === 2) return undefined;
	if (n === 3) return {prepared: sse.prepare('ftp://x', {})};
	if (n === 4) return {prepared: {}};
	if (n === 5) return {prepared, headers: {'a b': 'c'}};
	return {prepared, body: '{}'};
}, (record) => {
	if (n > 28) throw new RangeError('no values');
	if (n > 26) return; // forgets to settle
	record.settle();
})`)
	s := u.snapshot()
	balanced(t, s)
	assert.Zero(t, s.Open)
	assert.EqualValues(t, 25, s.Started)
	assert.Positive(t, s.Lost)
	assert.Contains(t, s.FirstScriptErrors, "TypeError: no prompt")
	assert.Contains(t, s.FirstScriptErrors, "ask() returned no request")
	assert.Contains(t, s.FirstScriptErrors, "ask() returned a request that was not made by prepare() of this VU")
	assert.Contains(t, s.FirstScriptErrors, "RangeError: no values")
	require.GreaterOrEqual(t, len(s.FirstScriptErrors), 6, "and those of the wrong URL and the wrong header")
}

func TestAUserRestsForAsLongAsTheScriptSaysAndNoLongerThanTheLoad(t *testing.T) {
	u := newVU(t, New(), `{arrivals: 'closed', seed: 1, segments: [{phase: 'a', from: 1, to: 1, seconds: 0.5}]}`)
	url := server(t, saying(sseHead+good))
	begun := time.Now()
	told := u.run(`
const sent = {};
const prepared = sse.prepare('` + url + `', {expect: 'stream', paths, timeouts});
sse.serve(2, (arrival, user) => {
	(sent[user] ??= []).push(arrival.scheduled);
	return {prepared, body: '{}', user};
}, (record, {user}) => {
	record.settle();
	return user === 0 ? 100 : 60_000;
});
JSON.stringify({all: Object.keys(sent), rested: sent[0].every((at, i) => i === 0 || at - sent[0][i - 1] >= 100), once: sent[1].length})`)
	assert.JSONEq(t, `{"all": ["0", "1"], "rested": true, "once": 1}`, told.String())
	assert.Less(t, time.Since(begun), 20*time.Second, "a rest ends with the load")
	balanced(t, u.snapshot())
}

func TestWhatAStreamSaysOfToolCallsIsKeptWhereItIsWanted(t *testing.T) {
	url := server(t, saying(sseHead+
		"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"look_up\",\"arguments\":\"\"}}]}}]}\n\n"+
		"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}}]}\n\n"+
		"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"+doneEnd))
	for _, wanted := range []bool{true, false} {
		u := newVU(t, New(), oneArrival)
		told := u.run(fmt.Sprintf(`
sse.stream('%s', {expect: 'stream', paths, timeouts, probe: true, tools: %v}).toolCalls.join('|')`, url, wanted)).String()
		if wanted {
			assert.Equal(t, `[[{"index":0,"id":"call_1","function":{"name":"look_up","arguments":""}}]]|`+
				`[[{"index":0,"function":{"arguments":"{}"}}]]`, told)
		} else {
			assert.Empty(t, told)
		}
	}
}

func TestTheTestsEndCutsOffAllUsersOfServe(t *testing.T) {
	u := newVU(t, New(), `{arrivals: 'constant', seed: 1, segments: [{phase: 'a', from: 20, to: 20, seconds: 1000}]}`)
	var inHand atomic.Int64
	url := server(t, then(sseHead+token, func(c net.Conn) {
		if inHand.Add(1) == 5 {
			u.cancel()
		}
		untilGone(c)
	}))
	began := time.Now()
	u.run(serving("5", url))
	assert.Less(t, time.Since(began), soon)
	s := u.snapshot()
	balanced(t, s)
	assert.EqualValues(t, 5, s.Interrupted, "each had a stream in hand")
	assert.Zero(t, s.Open)
	assert.Zero(t, s.ScriptErrors)
}

func TestAPhaseHoldsItsNumberInFlight(t *testing.T) {
	u := newVU(t, New(), `{arrivals: 'constant', seed: 1, inFlight: {two: 2, five: 5}, segments: [
		{phase: 'two', from: 0, to: 0, seconds: 0.2}, {phase: 'rate', from: 100, to: 100, seconds: 0.1},
		{phase: 'five', from: 0, to: 0, seconds: 0.2}]}`)
	url := server(t, then("", func(c net.Conn) {
		time.Sleep(20 * time.Millisecond)
		_, _ = c.Write([]byte(sseHead + good))
	}))
	u.run(serving("8", url))
	s := u.snapshot()
	require.Len(t, s.Phases, 3)
	assert.EqualValues(t, 2, s.Phases[0].MaxInFlight)
	assert.EqualValues(t, 10, s.Phases[1].Dispatched+s.Phases[1].Dropped)
	assert.EqualValues(t, 5, s.Phases[2].MaxInFlight)
	assert.Greater(t, s.Phases[0].Dispatched, int64(2), "who has ended is followed by the next")
	assert.Greater(t, s.Phases[2].Dispatched, int64(5))
	assert.Zero(t, s.Open+s.Lost)
}

// Without a pause a target that refuses within a millisecond is asked a thousand times a second for each place.
func TestATargetThatRefusesAtOnceIsNotFlooded(t *testing.T) {
	u := newVU(t, New(), `{arrivals: 'constant', seed: 1, inFlight: {a: 2}, segments: [{phase: 'a', from: 0, to: 0, seconds: 0.6}]}`)
	u.run(serving("4", server(t, saying(sized("503 No", "text/plain", "full")))))
	assert.LessOrEqual(t, u.snapshot().Phases[0].Dispatched, int64(6), "two, and again after 0.25 s and 0.5 s")
}

// What is done when a phase begins took 0.1 to 0.3 s within a user's turn; its VU's users sent late, and the run was
// INVALID for that. The schedule stands still now: nobody is late, nothing is sent meanwhile, and nothing is left out.
func TestWhatIsDoneWhenAPhaseBeginsMakesNobodyLate(t *testing.T) {
	const takes = 0.6
	u := newVU(t, New(), `{arrivals: 'constant', seed: 1, segments: [{phase: 'well', from: 50, to: 50, seconds: 0.2}, {phase: 'sick', from: 50, to: 50, seconds: 0.2}]}`)
	url := server(t, saying(sseHead+good))
	told := u.run(`
const told = [];
const prepared = sse.prepare('` + url + `', {expect: 'stream', paths, timeouts, tags: {}});
sse.serve(40, (arrival) => { told.push(arrival.phase); return {prepared, body: '{}'}; }, (r) => r.settle(), (phase) => {
	told.push('begins ' + phase);
	for (const until = Date.now() + 1000 * ` + fmt.Sprint(takes) + `; Date.now() < until; );
});
told.filter((each, i) => each !== told[i - 1]).join(', ')`).String()
	// Who was due just before a phase may be asked just behind its beginning, but nobody of a phase before it.
	assert.Regexp(t, `^begins well, (well, )?begins sick(, (well|sick))*$`, told)
	s := u.snapshot()
	balanced(t, s)
	require.Len(t, s.Phases, 2)
	for i, p := range s.Phases {
		// Once this test's machine stood still for the end of a phase, and what had been due then was left out. Had the
		// schedule gone on, all of a phase would have been: it is shorter than what is done at its beginning.
		assert.EqualValues(t, 10, p.Dispatched+p.Dropped, p.Phase)
		assert.Less(t, p.Dropped, int64(10), p.Phase)
		assert.Zero(t, p.Waited, "there are more users than requests")
		assert.InDelta(t, 200, p.End-p.Start, 1, p.Phase)
		assert.GreaterOrEqual(t, p.Start, 990*takes*float64(i+1)+200*float64(i))
	}
	late := s.Instrument.Lateness
	// Had the schedule gone on, those of both phases would have been late by five sixths of it in the mean. On a machine
	// that stands still, those of the first may be asked behind the beginning of the second, which is half of it at most.
	assert.Less(t, late.Sum/float64(late.Count), 1000*takes*2/3)
}

func TestWhatIsThrownWhenAPhaseBeginsIsCountedAndThePhaseGoesOn(t *testing.T) {
	u := newVU(t, New(), shortLoad)
	url := server(t, saying(sseHead+good))
	u.run(`
const prepared = sse.prepare('` + url + `', {expect: 'stream', paths, timeouts, tags: {}});
sse.serve(5, () => ({prepared, body: '{}'}), (r) => r.settle(), () => { throw new Error('no provider'); });`)
	s := u.snapshot()
	assert.EqualValues(t, 30, s.Finished)
	assert.EqualValues(t, 1, s.ScriptErrors)
	assert.Contains(t, s.FirstScriptErrors, "Error: no provider")
}
