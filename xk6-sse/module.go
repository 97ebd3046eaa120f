// Package sse is the k6 extension k6/x/sse: it opens streams of server-sent events and measures them. sse.d.ts
// documents what scripts see.
package sse

import (
	"encoding/json"
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
)

// Root is what all VUs share.
type Root struct {
	clock func() *clock // made at the first use: k6 also loads the module where nothing is measured
	meter meter

	mu         sync.Mutex // guards what configure() and the start set
	configured bool
	signals    chan os.Signal
	signal     string
	hungUp     atomic.Bool
	kept       string

	metrics    []*metricDef
	byName     map[string]*metricDef
	measured   []*metricDef // those with a figure
	gapSamples int
	schedule   *schedule
	laidOut    func() *schedule // the same from its beginning
	ledger     *ledger
	nextVU     int

	notebook notebook
	bounds   bounds
	budget   budget
	faults   faults

	idle    idle
	traces  traces
	outputs outputsLog

	onlyHTTP2 sync.Map // the keys of the targets that refuse HTTP/1.1
	readClock readClock

	tallied atomic.Int64 // samples of tally()
	pulsed  []*metricDef // the metrics with a pulse
	pulsing atomic.Bool

	ticked atomic.Int64 // the last tick() that was true, ns since the schedule's start
}

// New makes the module. k6 has one for each process; each test has its own.
func New() *Root {
	usual, _ := boundsDef{}.bounds()
	return &Root{clock: sync.OnceValue(newClock), ledger: newLedger(nil, nil, int64(1e9)), bounds: usual}
}

// VU is the module as one VU sees it. k6 runs a VU's JavaScript in one goroutine at a time; what JavaScript values and
// the caches behind them need happens there.
type VU struct {
	vu    modules.VU
	root  *Root
	shard *shard

	number int // among all VUs, from 1

	exports modules.Exports

	tags   map[string]*tagSet
	key    []byte
	paths  pathsCache
	urls   map[string]*target
	pushed int64 // when data_sent and data_received went out last
	sse    *openMetrics

	settle sobek.Value // the settle() of all its records, made once

	own   *user   // plays stream() and next()
	users []*user // those of serve()
}

// NewModuleInstance is called by k6 once a VU.
func (r *Root) NewModuleInstance(vu modules.VU) modules.Instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.nextVU++
	v := &VU{vu: vu, root: r, number: r.nextVU, tags: map[string]*tagSet{}, urls: map[string]*target{}}
	v.own = &user{v: v}
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
		"open":        v.Open,
		"configure":   v.Configure,
		"refuse":      v.Refuse,
		"next":        v.Next,
		"serve":       v.Serve,
		"prepare":     v.Prepare,
		"planned":     v.Planned,
		"jump":        v.Jump,
		"tick":        v.Tick,
		"stream":      v.Stream,
		"push":        v.Push,
		"tally":       v.Tally,
		"scriptError": v.ScriptError,
		"snapshot":    v.Snapshot,
		"traces":      v.Traces,
		"phaseStats":  v.PhaseStats,
		"keep":        v.Keep,
		"kept":        v.Kept,
		"note":        v.Note,
		"notes":       v.Notes,
		"once":        v.Once,
		"writeFiles":  v.WriteFiles,
		"environment": v.Environment,
		"outputs":     v.Outputs,
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

// Configure is configure(). The first VU's value counts.
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
	var c config
	if err := fromJS(call.Argument(0), &c); err != nil {
		v.fail("configure(): " + err.Error())
	}
	if err := c.apply(env.Registry, v.root); err != nil {
		v.fail("configure(): " + err.Error())
	}
	if c.BoundTrends {
		boundBuiltin(env.BuiltinMetrics)
	}
	v.root.outputs.watch(env.Logger)
	v.root.configured = true
	return sobek.Undefined()
}

// ScriptError is scriptError().
func (v *VU) ScriptError(sentence string) { v.root.ledger.scriptFails.add(sentence) }

// Keep is keep().
func (v *VU) Keep(text string) {
	v.root.mu.Lock()
	defer v.root.mu.Unlock()
	v.root.kept = text
	if v.root.signals != nil {
		signal.Stop(v.root.signals) // all is judged: where an output of k6 then never ends, ctrl-C must end k6
	}
}

// Kept is kept().
func (v *VU) Kept() string {
	v.root.mu.Lock()
	defer v.root.mu.Unlock()
	return v.root.kept
}

// watchSignals listens beside k6 once VUs run. Before that k6 itself has no handler, and ours would swallow a Ctrl-C.
func (r *Root) watchSignals() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.signals == nil {
		r.signals = make(chan os.Signal, 1)
		signal.Notify(r.signals, syscall.SIGINT, syscall.SIGTERM)
		r.watchHangUp()
	}
}

// watchHangUp has SIGHUP (the terminal is gone) end the run as SIGTERM does: k6 knows nothing of it, and would be killed
// with all that was measured. Under nohup it stays ignored.
func (r *Root) watchHangUp() {
	if signal.Ignored(syscall.SIGHUP) {
		return
	}
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	go func() {
		<-hangUp
		r.hungUp.Store(true)
		terminate()
	}()
}

// signalName is the signal that asked the process to stop, "" without one. It polls: a goroutine would outlive the run.
func (r *Root) signalName() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case s := <-r.signals:
		signal.Stop(r.signals)
		r.signal = map[os.Signal]string{syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM"}[s]
		if r.hungUp.Load() {
			r.signal = "SIGHUP"
		}
	default:
	}
	return r.signal
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
