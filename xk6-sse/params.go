package sse

import (
	"math"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// prepared is what requests have in common, read once from StreamParams: its members cost more to read than a request
// to send.
type prepared struct {
	v      *VU
	to     *wire.Target
	method string
	head   []byte // the request as bytes, up to the headers of the body
	tags   *tagSet
	limits []limit
	trace  string // of a traceparent that says sampled; "" without one
	span   string
	probe  bool
	apart  bool // on a connection of its own
	// authenticated by the load's credentials
	authenticated bool
	contentType   string
	params
}

// params is how an exchange goes.
type params struct {
	json                   bool // expect: 'json'
	output                 bool // a document without output is empty
	tools                  bool // what a stream says of tool calls is kept
	paths                  *content.Paths
	first, idle, total     int64   // ns, 0: no limit
	cancelEvents, cancelAt int64   // 0: never
	count                  string  // path of the number to return as `counted`
	counted                float64 // what that number must be, below 0: any
	vectors                int     // the place of the vector whose hash is wanted; below 0: vectors are not looked at
	wanted                 []int   // statuses, where another one than 200 is wanted
}

// prepare reads what all requests with these parameters have in common. It throws where the script is wrong.
func (v *VU) prepare(name string, url, given sobek.Value, agent string) *prepared {
	to := v.target(name, url.String())
	o, ok := given.(*sobek.Object)
	if !ok {
		v.fail(name + "(): the parameters are missing")
	}
	p := &prepared{v: v, to: to, method: "POST", tags: v.tagSet(o.Get("tags")), limits: v.limits(name, o.Get("limits"))}
	if m := o.Get("method"); !common.IsNullish(m) {
		p.method = m.String()
	}
	headers := readHeaders(o.Get("headers"))
	for _, h := range headers {
		v.root.secrets.AddHeader(h.Name, h.Value)
	}
	p.trace, p.span = sampledTrace(headers)
	var err error
	if p.head, err = wire.AppendHead(nil, p.method, to, headers, agent); err != nil {
		v.fail(name + "(): " + err.Error())
	}
	if probe := o.Get("probe"); probe != nil {
		p.probe = probe.ToBoolean()
	}
	if apart := o.Get("apart"); apart != nil {
		p.apart = apart.ToBoolean()
	}
	if authenticated := o.Get("authenticated"); authenticated != nil {
		p.authenticated = authenticated.ToBoolean()
	}
	if p.authenticated && v.load.credentials == nil {
		v.fail(name + "(): authenticated needs credentials in configure()")
	}
	for _, h := range headers {
		if strings.EqualFold(h.Name, "content-type") {
			p.contentType = h.Value
		}
	}
	p.params = v.readParams(name, o)
	return p
}

func readHeaders(value sobek.Value) (headers []wire.Header) {
	o, ok := value.(*sobek.Object)
	if !ok {
		return nil
	}
	for _, name := range o.Keys() {
		headers = append(headers, wire.Header{Name: name, Value: o.Get(name).String()})
	}
	return headers
}

// target parses a URL, once.
func (v *VU) target(name, raw string) *wire.Target {
	if to := v.urls[raw]; to != nil {
		return to
	}
	to, err := wire.ParseTarget(raw)
	if err != nil {
		v.fail(name + "(): " + err.Error())
	}
	if err := v.load.routes.Set(to); err != nil {
		v.throw(err.Error())
	}
	if len(v.urls) > 100 {
		clear(v.urls)
	}
	v.urls[raw] = to
	v.root.secrets.AddURL(raw)
	return to
}

// limits reads a list of Limit.
func (v *VU) limits(name string, value sobek.Value) (all []limit) {
	list, ok := value.(*sobek.Object)
	if !ok {
		return nil
	}
	for _, i := range list.Keys() {
		o, ok := list.Get(i).(*sobek.Object)
		if !ok {
			v.fail(name + "(): limits holds something that is not a limit")
		}
		metric := v.load.byName[o.Get("metric").String()]
		if metric == nil {
			v.fail(name + "(): no metric " + o.Get("metric").String() + " was configured")
		}
		all = append(all, limit{metric, number(o.Get("below"), math.NaN()), number(o.Get("atLeast"), math.NaN())})
	}
	return all
}

func number(value sobek.Value, without float64) float64 {
	if common.IsNullish(value) {
		return without
	}
	return value.ToFloat()
}

// readParams reads what the script passed, member by member: a general conversion would cost more than the request.
func (v *VU) readParams(name string, o *sobek.Object) params {
	p := params{paths: &content.Paths{}, counted: number(o.Get("counted"), -1)}
	p.vectors = int(number(o.Get("vectors"), -1))
	switch expect := o.Get("expect"); {
	case expect == nil || expect.String() == "stream":
	case expect.String() == "json":
		p.json = true
	default:
		v.fail(name + "(): expect is " + expect.String() + "; stream and json are allowed")
	}
	if output := o.Get("output"); output != nil {
		p.output = output.ToBoolean()
	}
	if tools := o.Get("tools"); tools != nil {
		p.tools = tools.ToBoolean()
	}
	if c := o.Get("count"); !common.IsNullish(c) {
		p.count = c.String()
	}
	if paths, ok := o.Get("paths").(*sobek.Object); ok {
		p.paths = v.paths.get(paths, p.count)
	} else if !p.json {
		v.fail(name + "(): expect 'stream' needs paths")
	}
	t, ok := o.Get("timeouts").(*sobek.Object)
	if !ok {
		v.fail(name + "(): timeouts are missing")
	}
	p.first, p.idle, p.total = duration(t.Get("first")), duration(t.Get("idle")), duration(t.Get("total"))
	if c, ok := o.Get("cancelAfter").(*sobek.Object); ok {
		if n := c.Get("events"); !common.IsNullish(n) {
			p.cancelEvents = n.ToInteger()
		}
		p.cancelAt = duration(c.Get("ms"))
	}
	if list, ok := o.Get("expectStatus").(*sobek.Object); ok {
		for _, i := range list.Keys() {
			p.wanted = append(p.wanted, int(list.Get(i).ToInteger()))
		}
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

// pathsCache keeps the last Paths object that a script passed: scripts pass the same one each time.
type pathsCache struct {
	object *sobek.Object
	count  string
	paths  *content.Paths
}

// get reads them, with what is to be counted beside.
func (c *pathsCache) get(o *sobek.Object, count string) *content.Paths {
	if c.object == o && c.count == count && c.paths != nil {
		return c.paths
	}
	words := func(name string) (all []string) {
		v, ok := o.Get(name).(*sobek.Object)
		if !ok {
			return nil
		}
		for _, i := range v.Keys() {
			all = append(all, v.Get(i).String())
		}
		return all
	}
	p := &content.Paths{}
	for name, list := range pathLists {
		p.Add(list, words(name)...)
	}
	p.Counting(count)
	for _, word := range words("failedFinish") {
		p.FailedFinish = append(p.FailedFinish, strings.ToLower(word))
	}
	if done := o.Get("done"); done != nil {
		p.Done = []byte(done.String())
	}
	c.object, c.count, c.paths = o, count, p
	return p
}

// pathLists are the lists that the script's Paths have, by their names there.
var pathLists = map[string]content.List{
	"content": content.Content, "reasoning": content.Reasoning, "toolCalls": content.ToolCalls, "media": content.Media,
	"finish": content.Finish, "error": content.Failure, "promptTokens": content.PromptTokens,
	"completionTokens": content.CompletionTokens, "totalTokens": content.TotalTokens,
	"reasoningTokens": content.ReasoningTokens, "cachedTokens": content.CachedTokens,
	"besidePromptTokens": content.BesidePrompt, "over": content.Over,
}

// sampledTrace reads the ids of a `traceparent` header (W3C Trace Context, level 1) that says sampled; "" without one.
func sampledTrace(headers []wire.Header) (trace, span string) {
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "traceparent") {
			continue
		}
		parts := strings.Split(h.Value, "-")
		if len(parts) == 4 && len(parts[1]) == 32 && len(parts[2]) == 16 && parts[3] == "01" {
			return parts[1], parts[2]
		}
	}
	return "", ""
}
