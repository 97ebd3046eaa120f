// Package sse is the k6 extension k6/x/sse: it opens streams of server-sent events and measures them. sse.d.ts
// documents what scripts see; README.md says which package does what.
package sse

import (
	"encoding/json"
	"errors"
	"sync"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"

	"github.com/gsai-perf/xk6-sse/internal/fault"
	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/secrets"
	"github.com/gsai-perf/xk6-sse/internal/stored"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// Root is what all VUs share. It puts the parts together; each part is given only what it needs.
type Root struct {
	load      *load
	conns     *wire.Pool
	faults    *fault.Log
	secrets   *secrets.Keeper
	notebook  notebook
	addresses addresses

	prompts promptFile
	texts   promptFile
	stored  stored.Texts

	mu         sync.Mutex // guards what follows
	configured bool
	vus        int // so far
}

// New makes the module. k6 has one for each process; each test has its own.
func New() *Root {
	keeper := &secrets.Keeper{}
	r := &Root{faults: &fault.Log{Passes: thrown, Clean: keeper.Line}, secrets: keeper}
	r.conns = wire.NewPool(r.faults)
	r.load = newLoad(&host.Signals{}, r.faults, keeper)
	return r
}

// thrown tells what JavaScript threw: it goes through Go as a panic too.
func thrown(recovered any) bool {
	switch recovered.(type) {
	case sobek.Value, *sobek.Exception, *sobek.InterruptedError:
		return true
	}
	return false
}

// VU is the module as one VU sees it. k6 runs a VU's JavaScript in one goroutine at a time; what JavaScript values and
// the caches behind them need happens there.
type VU struct {
	vu     modules.VU
	root   *Root
	load   *load
	number int           // among all VUs, from 1
	shard  *ledger.Shard // where it books

	exports modules.Exports

	tags   map[string]*tagSet
	key    []byte
	paths  pathsCache
	urls   map[string]*wire.Target
	pushed int64 // when data_sent and data_received went out last
	sse    *openMetrics

	settle sobek.Value // the settle() of all its records, made once

	own   *user   // plays stream()
	users []*user // those of serve()
}

// NewModuleInstance is called by k6 once a VU.
func (r *Root) NewModuleInstance(vu modules.VU) modules.Instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vus++
	v := &VU{vu: vu, root: r, load: r.load, number: r.vus, tags: map[string]*tagSet{}, urls: map[string]*wire.Target{}}
	v.own = v.newUser()
	v.settle = vu.Runtime().ToValue(v.Settle)
	v.registerOpenMetrics()
	v.exports = v.exported()
	return v
}

// Exports is the table of what sse.d.ts declares. k6 asks for it at each use of an imported name, so it is made once:
// made anew it cost a third of a short request's CPU.
func (v *VU) Exports() modules.Exports { return v.exports }

// exported makes the table. xk6-sse has a default export, so the same calls are one too.
func (v *VU) exported() modules.Exports {
	named := map[string]any{
		"recordRequests":   v.RecordRequests,
		"recordedRequests": v.RecordedRequests,
		"showLive":         v.ShowLive,

		"open":         v.Open,
		"configure":    v.Configure,
		"refuse":       v.Refuse,
		"serve":        v.Serve,
		"openPrompts":  v.OpenPrompts,
		"promptAt":     v.PromptAt,
		"store":        v.Store,
		"storedText":   v.StoredText,
		"storedNumber": v.StoredNumber,
		"openTrace":    v.OpenTrace,
		"traceAt":      v.TraceAt,
		"prepare":      v.Prepare,
		"planned":      v.Planned,
		"jump":         v.Jump,
		"setRate":      v.SetRate,
		"stream":       v.Stream,
		"push":         v.Push,
		"tally":        v.Tally,
		"snapshot":     v.Snapshot,
		"traces":       v.Traces,
		"phaseStats":   v.PhaseStats,
		"keep":         v.Keep,
		"kept":         v.Kept,
		"note":         v.Note,
		"notes":        v.Notes,
		"writeFiles":   v.WriteFiles,
		"checkFolder":  host.CheckFolder,
		"fromSystem":   host.FromSystem,
		"environment":  v.Environment,
		"outputs":      v.Outputs,
		"checkOutput":  v.CheckOutput,
		"conceal":      v.Conceal,
		"route":        v.Route,
		"routeHttp":    v.RouteHTTP,
		"clean":        v.Clean,
	}
	all := v.vu.Runtime().NewObject()
	for name, f := range named {
		value := v.vu.Runtime().ToValue(f)
		named[name] = value
		_ = all.Set(name, value)
	}
	return modules.Exports{Default: all, Named: named}
}

// fail throws sentence as a JavaScript Error: for the script's mistakes, never for what the target does.
func (v *VU) fail(sentence string) {
	rt := v.vu.Runtime()
	if e, err := rt.New(rt.Get("Error"), rt.ToValue("k6/x/sse: "+sentence)); err == nil {
		panic(e)
	}
}

// throw throws sentence as it is: for what is wrong with something that the user named.
func (v *VU) throw(sentence string) {
	rt := v.vu.Runtime()
	if e, err := rt.New(rt.Get("Error"), rt.ToValue(sentence)); err == nil {
		panic(e)
	}
}

// Configure is configure(). The first VU's value counts, and of a function only the first VU's is called.
func (v *VU) Configure(call sobek.FunctionCall) sobek.Value {
	env := v.vu.InitEnv()
	if env == nil {
		v.fail("configure() belongs in the init context")
	}
	v.root.mu.Lock()
	defer v.root.mu.Unlock()
	if v.root.configured {
		return sobek.Undefined()
	}
	given := call.Argument(0)
	if made, ok := sobek.AssertFunction(given); ok {
		var err error
		if given, err = made(sobek.Undefined()); err != nil {
			common.Throw(v.vu.Runtime(), err)
		}
	}
	var c config
	if err := fromJS(given, &c); err != nil {
		v.fail("configure(): " + err.Error())
	}
	if err := c.apply(env.Registry, v.load); err != nil {
		v.fail("configure(): " + err.Error())
	}
	if c.BoundTrends {
		ledger.BoundBuiltin(env.BuiltinMetrics)
	}
	v.root.secrets.WatchLog(env.Logger)
	v.load.outputs.Watch(env.Logger)
	v.root.configured = true
	return sobek.Undefined()
}

var _ modules.Instance = &VU{}

var errNothingGiven = errors.New("nothing was given")

// fromJS reads a plain JavaScript value into a Go one by way of JSON, where speed does not matter.
func fromJS(v sobek.Value, into any) error {
	if common.IsNullish(v) {
		return errNothingGiven
	}
	raw, err := json.Marshal(v.Export())
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
