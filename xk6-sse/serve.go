package sse

import (
	"context"
	"errors"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/schedule"
)

// Serve is serve(users, ask, answered, begins): the VU plays that many users until the schedule ends. Each user waits for its
// arrivals and performs its requests in a goroutine of its own; JavaScript runs in this one alone, for a moment before
// a request and a moment after. So a user costs a goroutine and a connection, not a JavaScript world of its own, which
// weighs many times that.
func (v *VU) Serve(call sobek.FunctionCall) sobek.Value {
	state := v.vu.State()
	if state == nil {
		v.fail("serve() cannot be used in the init context")
	}
	if v.load.schedule == nil {
		v.fail("serve() needs a schedule in configure()")
	}
	count := int(call.Argument(0).ToInteger())
	ask, asks := sobek.AssertFunction(call.Argument(1))
	answered, answers := sobek.AssertFunction(call.Argument(2))
	begins, gated := sobek.AssertFunction(call.Argument(3))
	if count < 1 || !asks || !answers || !gated && !common.IsNullish(call.Argument(3)) {
		v.fail("serve(users, ask, answered, begins) takes a number above 0 and two functions or three")
	}
	ctx := v.vu.Context()
	v.enter()
	v.load.begin(state, gated)
	for len(v.users) < count {
		u := v.newUser()
		u.number = len(v.users)
		v.users = append(v.users, u)
	}
	s := &service{v: v, ctx: ctx, state: state, ask: ask, answered: answered, begins: begins, turns: make(chan func())}
	playing := count
	for _, u := range v.users[:count] {
		u.bind(ctx)
		go func() {
			s.guarded(u)
			s.turns <- func() { playing-- }
		}()
	}
	for playing > 0 {
		(<-s.turns)()
	}
	return sobek.Undefined()
}

// service is one call of serve().
type service struct {
	v             *VU
	ctx           context.Context
	state         *lib.State
	ask, answered sobek.Callable
	begins        sobek.Callable // nil: nothing is to be done when a phase begins
	turns         chan func()
}

// guarded is a user's life. A fault of ours ends it, and the user goes on from its next arrival.
func (s *service) guarded(u *user) {
	for again := true; again; {
		again = false
		func() {
			defer s.v.load.faults.Guard("playing a user", func(string) { again = s.ctx.Err() == nil })
			s.play(u)
		}()
	}
}

// play is a user's life: arrival, request, answer.
func (s *service) play(u *user) {
	done := make(chan struct{}, 1)
	turn := func(f func()) { // in the VU's goroutine
		s.turns <- func() {
			defer func() { done <- struct{}{} }()
			defer s.v.load.faults.Guard("running the script", nil)
			f()
		}
		<-done
	}
	for {
		a, waited, held, ok := u.arrive(s.ctx)
		if !ok {
			return
		}
		if a.Phase == schedule.Begins {
			s.begin(int(a.Index), turn)
			continue
		}
		s.request(u, a, waited, held, turn)
		u.rest(s.ctx)
	}
}

// begin does what is to be done when a phase begins. The schedule stands still meanwhile.
func (s *service) begin(phase int, turn func(func())) {
	l := s.v.load
	defer func() { s.v.pushDropped(l.schedule.Open(phase, clock.Now()-l.ledger.Start())) }()
	turn(func() {
		s.script(func() error {
			_, err := s.begins(sobek.Undefined(), s.v.vu.Runtime().ToValue(l.schedule.Name(phase)))
			return err
		})
	})
}

// request is one arrival's: asked for, performed, answered.
func (s *service) request(u *user, a schedule.Arrival, waited bool, held int64, turn func(func())) {
	failed := true
	defer func() { u.leave(s.ctx, a, failed) }()
	var x *exchange
	var request sobek.Value
	due := s.v.load.ledger.Start() + a.Due
	turn(func() { x, request = s.asked(u, a, due) })
	if x == nil {
		return
	}
	x.r.held = held
	if waited {
		s.v.shard.Late(max(0, clock.Now()-due))
	}
	x.run()
	failed = x.r.outcome.Bad()
	turn(func() { s.answer(x, request) })
}

// asked has the script make the request of an arrival: nil when it threw, or when the test is over.
func (s *service) asked(u *user, a schedule.Arrival, due int64) (x *exchange, request sobek.Value) {
	s.script(func() error {
		rt := s.v.vu.Runtime()
		value, err := s.ask(sobek.Undefined(), s.v.arrival(a, max(0, clock.Now()-due)), rt.ToValue(u.number))
		if err != nil {
			return err
		}
		o, ok := value.(*sobek.Object)
		if !ok {
			return errors.New("ask() returned no request")
		}
		q := s.v.preparedBy(o.Get("prepared"))
		if q == nil {
			return errors.New("ask() returned a request that was not made by prepare() of this VU")
		}
		headers := readHeaders(o.Get("headers"))
		thrown := rt.Try(func() {
			x = s.v.exchange(u, s.ctx, s.state, q, headers, s.v.bodyOf(u, o), clock.Ms(a.Due))
		})
		if thrown != nil {
			return thrown
		}
		request = value
		return nil
	})
	return x, request
}

// answer books an answer and has the script settle it; what the script leaves unsettled is lost. The script may return
// for how long the user rests then, ms.
func (s *service) answer(x *exchange, request sobek.Value) {
	s.v.returned(x.r, x.delays)
	s.script(func() error {
		rest, err := s.answered(sobek.Undefined(), s.v.vu.Runtime().NewDynamicObject(x.r), request)
		if err == nil {
			x.u.resting = duration(rest)
		}
		return err
	})
	if !x.r.probe {
		x.r.abandon(s.ctx.Err() != nil && s.v.load.signals.CutOff(s.ctx))
	}
}

// script runs the script's part. What it throws is counted and does not end the load; what k6 throws at the test's end
// is no error of the script's.
func (s *service) script(part func() error) {
	if s.ctx.Err() != nil {
		return
	}
	err := part()
	if err == nil || s.ctx.Err() != nil {
		return
	}
	sentence := err.Error()
	if thrown := (*sobek.Exception)(nil); errors.As(err, &thrown) {
		sentence = thrown.Value().String() // without the stack
	}
	s.v.load.ledger.ScriptThrew(s.v.root.secrets.Line(sentence))
}
