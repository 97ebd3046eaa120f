package sse

import (
	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/tracefile"
)

// OpenTrace is openTrace(): the first VU's call counts.
func (v *VU) OpenTrace(call sobek.FunctionCall) sobek.Value {
	if v.vu.InitEnv() == nil {
		v.fail("openTrace() belongs in the init context")
	}
	v.root.mu.Lock()
	defer v.root.mu.Unlock()
	l := v.load
	if l.trace == nil {
		scale := tracefile.Scale{Time: 1, Rate: 1}
		if err := fromJS(call.Argument(1), &scale); err != nil {
			v.fail("openTrace(): " + err.Error())
		}
		var err error
		if l.trace, err = tracefile.Open(call.Argument(0).String(), scale); err != nil {
			v.throw(err.Error())
		}
	}
	return v.vu.Runtime().ToValue(map[string]any{
		"count": len(l.trace.Entries), "seconds": l.trace.Seconds, "peak": l.trace.Peak(),
	})
}

// TraceAt is traceAt(). It is asked for with each request.
func (v *VU) TraceAt(call sobek.FunctionCall) sobek.Value {
	t, i := v.load.trace, int(call.Argument(0).ToInteger())
	if t == nil || i < 0 || i >= len(t.Entries) {
		v.fail("traceAt() needs the number of a request in the trace that openTrace() was given")
	}
	e := t.Entries[i]
	o := v.vu.Runtime().NewObject()
	_ = o.Set("input", e.Input)
	_ = o.Set("output", e.Output)
	_ = o.Set("session", e.Session)
	return o
}
