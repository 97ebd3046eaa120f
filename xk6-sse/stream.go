package sse

import (
	"context"
	"math"
	"strconv"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
)

func itoa(n int) string { return strconv.Itoa(n) }

// The limits on what one answer can make us keep.
const (
	shownLimit    = 1 << 20  // of `body` and `text`
	documentLimit = 64 << 20 // of a JSON document, which must be whole to be judged
)

// Stream is stream(): one request, read to its end in this goroutine.
func (v *VU) Stream(call sobek.FunctionCall) sobek.Value {
	state := v.vu.State()
	if state == nil {
		v.fail("stream() cannot be used in the init context")
	}
	ctx := v.vu.Context()
	v.enter()
	v.own.bind(ctx)
	x := v.prepare(v.own, ctx, state, call.Argument(0), call.Argument(1), math.NaN())
	x.run()
	v.returned(x.r, x.delays)
	return v.vu.Runtime().NewDynamicObject(x.r)
}

// prepare reads what the script asks for and books the request as started, for the arrival at `scheduled` ms, or, where
// that is NaN, the one that the script names. It throws where the script is wrong.
func (v *VU) prepare(u *user, ctx context.Context, state *lib.State, url, given sobek.Value, scheduled float64) *exchange {
	raw := url.String()
	to := v.urls[raw]
	if to == nil {
		var err error
		if to, err = parseTarget(raw); err != nil {
			v.fail("stream(): " + err.Error())
		}
		if len(v.urls) > 100 {
			clear(v.urls)
		}
		v.urls[raw] = to
	}
	o, ok := given.(*sobek.Object)
	if !ok {
		v.fail("stream(): the parameters are missing")
	}
	p := v.readParams(o)
	if !math.IsNaN(scheduled) {
		p.scheduled = scheduled
	}
	var err error
	if u.out, err = appendRequest(u.out[:0], p.method, to, p.headers, p.body, state.Options.UserAgent.String); err != nil {
		v.fail("stream(): " + err.Error())
	}
	p.body = "" // it stands in u.out; for a long stream the copy would only be held
	r := newRecord(u, to, p)
	u.hold(nil)
	if !p.probe {
		v.started(r)
	}
	return &exchange{u: u, ctx: ctx, state: state, r: r, p: p}
}

// enter readies the VU for a call that measures.
func (v *VU) enter() {
	v.root.clock() // its self-test must not count as anyone's connecting
	v.root.watchSignals()
	v.shard = v.root.ledger.shards[v.number%shardCount]
}
