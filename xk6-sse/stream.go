package sse

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

func itoa(n int) string { return strconv.Itoa(n) }

// The limits on what one answer can make us keep.
const (
	shownLimit = 1 << 20 // of `body` and `text`
	// eventsExpected bounds what is set aside for a stream's offsets before they come.
	eventsExpected = 1 << 12
)

// Stream is stream(): one request, to its end.
func (v *VU) Stream(call sobek.FunctionCall) sobek.Value {
	state := v.vu.State()
	if state == nil {
		v.fail("stream() cannot be used in the init context")
	}
	ctx := v.vu.Context()
	v.enter()
	v.own.bind(ctx)
	o, _ := call.Argument(1).(*sobek.Object)
	q := v.prepare("stream", call.Argument(0), call.Argument(1), state.Options.UserAgent.String)
	x := v.exchange(v.own, ctx, state, q, nil, v.bodyOf(v.own, o), math.NaN())
	x.run()
	v.returned(x.r, x.delays)
	return v.vu.Runtime().NewDynamicObject(x.r)
}

// Prepare is prepare(): what it returns is opaque to scripts.
func (v *VU) Prepare(call sobek.FunctionCall) sobek.Value {
	state := v.vu.State()
	if state == nil {
		v.fail("prepare() cannot be used in the init context")
	}
	agent := state.Options.UserAgent.String
	return v.vu.Runtime().ToValue(v.prepare("prepare", call.Argument(0), call.Argument(1), agent))
}

// preparedBy is what a value of prepare() stands for; nil for another VU's, and for what is none.
func (v *VU) preparedBy(value sobek.Value) *prepared {
	o, ok := value.(*sobek.Object)
	if !ok {
		return nil
	}
	q, _ := o.Export().(*prepared)
	if q == nil || q.v != v {
		return nil
	}
	return q
}

// exchange makes a request of what was prepared and books it as started, for the arrival at `due` ms (NaN: none). It
// throws where the script is wrong.
func (v *VU) exchange(
	u *user, ctx context.Context, state *lib.State, q *prepared, headers []wire.Header, body []string, due float64,
) *exchange {
	u.out = append(u.out[:0], q.head...)
	r := newRecord(u, q, due)
	if headers != nil {
		var err error
		if u.out, err = wire.AppendHeaders(u.out, headers); err != nil {
			v.fail("serve(): " + err.Error())
		}
		for _, h := range headers {
			v.root.secrets.AddHeader(h.Name, h.Value)
		}
		if trace, span := sampledTrace(headers); trace != "" {
			r.trace, r.span = trace, span
		}
	}
	if !q.authenticated {
		u.out = wire.AppendBody(u.out, q.method, body...)
	}
	u.hold(nil)
	if !q.probe {
		v.started(r)
	}
	x := &exchange{
		u: u, ctx: ctx, state: state, r: r, p: &q.params, conns: v.root.conns, meter: &v.load.meter,
		faults: v.load.faults, bounds: &v.load.bounds, roots: v.load.roots,
	}
	if q.authenticated {
		text := strings.Join(body, "")
		x.proof = &proof{from: v.load.credentials, method: q.method, contentType: q.contentType, body: text}
	}
	return x
}

// enter readies the VU for a call that measures.
func (v *VU) enter() {
	v.root.conns.Machinery() // its self-test must not count as anyone's connecting
	v.load.signals.Watch()
	v.shard = v.load.ledger.Shard(v.number)
}
