package sse

import (
	"context"
	"strconv"

	"github.com/grafana/sobek"
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
	raw := call.Argument(0).String()
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
	o, ok := call.Argument(1).(*sobek.Object)
	if !ok {
		v.fail("stream(): the parameters are missing")
	}
	p := v.readParams(o)
	var err error
	if v.out, err = appendRequest(v.out[:0], p.method, to, p.headers, p.body, state.Options.UserAgent.String); err != nil {
		v.fail("stream(): " + err.Error())
	}

	ctx := v.vu.Context()
	v.enter(ctx)
	r := newRecord(v, to, p)
	v.hold(nil)
	if !p.probe {
		v.started(r)
	}
	x := &exchange{v: v, ctx: ctx, state: state, r: r, p: p}
	x.run()
	v.returned(r, x.delays)
	return v.vu.Runtime().NewDynamicObject(r)
}

// enter ties the VU to the running iteration and its shard of the ledger.
func (v *VU) enter(ctx context.Context) {
	v.root.clock() // its self-test must not count as anyone's connecting
	v.bind(ctx)
	v.shard = v.root.ledger.shards[v.number%shardCount]
}
