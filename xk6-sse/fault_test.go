package sse

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A panic in a goroutine of Go ends the whole process: hours of measuring were lost for one answer.
func TestFaultOfOurOwnCostsOneRequestAndIsTold(t *testing.T) {
	for name, breaks := range map[string]func(*exchange){
		"in the poller, while reading": func(x *exchange) { x.p.paths = nil },
		"before anything is sent":      func(x *exchange) { x.state = nil },
	} {
		t.Run(name, func(t *testing.T) {
			u := ofTheField(t)
			url := server(t, eventsOf(hi, stop, doneEnd).answer)
			q := u.run(`sse.prepare('` + url + `', {expect: 'stream', paths, timeouts, tags: {}})`).Export().(*prepared)
			u.v.enter()
			u.v.own.bind(u.v.vu.Context())
			x := u.v.exchange(u.v.own, u.v.vu.Context(), u.state, q, nil, nil, 0)
			breaks(x)
			x.run()
			x.state = u.state
			u.v.returned(x.r, nil)
			assert.EqualValues(t, "malformed", x.r.outcome)
			assert.Contains(t, x.r.err, "a fault of the instrument itself")
			assert.Regexp(t, `\(\w+\.go:\d+\)$`, x.r.err, "it says where")
			x.r.abandon(false)
			s := u.snapshot()
			assert.EqualValues(t, 1, s.Instrument.Faults.Count)
			assert.Equal(t, []string{x.r.err}, s.Instrument.Faults.First)
			balanced(t, s)
			assert.Equal(t, "ok", u.field(url, "field").Outcome, "the next one is measured as ever")
			assert.Zero(t, u.v.load.budget.used.Load())
		})
	}
}

func TestFaultInOnePartOfTheSnapshotLeavesTheOthers(t *testing.T) {
	u := newVU(t, New(), oneArrival)
	u.run(`get('` + server(t, saying(sseHead+good)) + `', {}).settle()`)
	u.run(recording("1"))
	u.v.load.ledger.Timeline = nil // looking at it panics
	s := u.snapshot()
	assert.EqualValues(t, 1, s.Started)
	assert.NotEmpty(t, s.Outcomes)
	assert.NotEmpty(t, s.Rows)
	assert.Empty(t, s.Timeline)
	assert.Positive(t, s.Instrument.Faults.Count)
	assert.Contains(t, s.Instrument.Faults.First[0], "while putting together the")
}

// A fault in a user's own goroutine, outside of any request.
func TestFaultInAUsersGoroutineLeavesTheLoadGoingOn(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	url := server(t, eventsOf(hi, stop, doneEnd).answer)
	asked := 0
	_ = u.rt.VU.RuntimeField.Set("trouble", func() {
		if asked++; asked == 2 {
			var nothing *exchange
			nothing.run()
		}
	})
	u.run(`const prepared = sse.prepare('` + url + `', {expect: 'stream', paths, timeouts, tags: {}});
sse.serve(1, () => { trouble(); return {prepared, body: '{}'}; }, (r) => r.settle())`)
	s := u.snapshot()
	assert.Greater(t, s.Finished, int64(3))
	assert.EqualValues(t, 1, s.Instrument.Faults.Count)
	balanced(t, s)
}
