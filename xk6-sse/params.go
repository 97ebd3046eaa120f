package sse

import (
	"math"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// params is StreamParams, read.
type params struct {
	method, body           string
	headers                []header
	tags                   *tagSet
	json                   bool // expect: 'json'
	paths                  *paths
	first, idle, total     int64  // ns, 0: no limit
	cancelEvents, cancelAt int64  // 0: never
	count                  string // path of the number to return as `counted`
	probe                  bool
	apart                  bool    // on a connection of its own
	scheduled              float64 // of the arrival, ms; NaN without one
}

// readParams reads what the script passed, member by member: a general conversion would cost more than the request.
func (v *VU) readParams(o *sobek.Object) *params {
	p := &params{method: "POST", scheduled: math.NaN(), paths: &paths{}}
	if m := o.Get("method"); !common.IsNullish(m) {
		p.method = m.String()
	}
	if b := o.Get("body"); !common.IsNullish(b) {
		p.body = b.String()
	}
	if h, ok := o.Get("headers").(*sobek.Object); ok {
		for _, name := range h.Keys() {
			p.headers = append(p.headers, header{name, h.Get(name).String()})
		}
	}
	p.tags = v.tagSet(o.Get("tags"))
	switch expect := o.Get("expect"); {
	case expect == nil || expect.String() == "stream":
	case expect.String() == "json":
		p.json = true
	default:
		v.fail("stream(): expect is " + expect.String() + "; stream and json are allowed")
	}
	if paths, ok := o.Get("paths").(*sobek.Object); ok {
		p.paths = v.paths.get(paths)
	} else if !p.json {
		v.fail("stream(): expect 'stream' needs paths")
	}
	t, ok := o.Get("timeouts").(*sobek.Object)
	if !ok {
		v.fail("stream(): timeouts are missing")
	}
	p.first, p.idle, p.total = duration(t.Get("first")), duration(t.Get("idle")), duration(t.Get("total"))
	if c, ok := o.Get("cancelAfter").(*sobek.Object); ok {
		if n := c.Get("events"); !common.IsNullish(n) {
			p.cancelEvents = n.ToInteger()
		}
		p.cancelAt = duration(c.Get("ms"))
	}
	if c := o.Get("count"); !common.IsNullish(c) {
		p.count = c.String()
	}
	if probe := o.Get("probe"); probe != nil {
		p.probe = probe.ToBoolean()
	}
	if apart := o.Get("apart"); apart != nil {
		p.apart = apart.ToBoolean()
	}
	if a, ok := o.Get("arrival").(*sobek.Object); ok {
		p.scheduled = a.Get("scheduled").ToFloat()
	}
	return p
}

// duration turns milliseconds into nanoseconds; what is missing, not finite or not above 0 means no limit.
func duration(v sobek.Value) int64 {
	if common.IsNullish(v) {
		return 0
	}
	f := v.ToFloat()
	if !(f > 0) || math.IsInf(f, 0) {
		return 0
	}
	return int64(math.Min(f, 1e11) * 1e6)
}
