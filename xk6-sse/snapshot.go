package sse

import (
	"encoding/json"
	"runtime"
	"time"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/credentials"
	"github.com/gsai-perf/xk6-sse/internal/failures"
	"github.com/gsai-perf/xk6-sse/internal/fault"
	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/schedule"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

type phaseView struct {
	Phase       string  `json:"phase"`
	Start       float64 `json:"start"`
	End         float64 `json:"end"`
	Due         int64   `json:"due"`
	Dispatched  int64   `json:"dispatched"`
	Dropped     int64   `json:"dropped"`
	Waited      int64   `json:"waited"`
	MaxInFlight int64   `json:"maxInFlight"`
}

type instrumentView struct {
	Clock         string               `json:"clock"`
	ClockReason   string               `json:"clockReason"`
	Poller        string               `json:"poller"`
	Timer         string               `json:"timer"`
	ReadClock     wire.ReadClockView   `json:"readClock"`
	Lateness      ledger.HistogramView `json:"lateness"`
	ReadDelay     ledger.HistogramView `json:"readDelay"`
	ContentEvents int64                `json:"contentEvents"`
	ContentReads  int64                `json:"contentReads"`
	LateShared    int64                `json:"lateShared"`
	CPUSeconds    float64              `json:"cpuSeconds"`
	WallSeconds   float64              `json:"wallSeconds"`
	CPUs          int                  `json:"cpus"`
	CPUPeak       float64              `json:"cpuPeak"`
	MaxRSSBytes   int64                `json:"maxRssBytes"`
	Goroutines    int                  `json:"goroutines"`
	ClockSteps    clock.StepsView      `json:"clockSteps"`
	Faults        fault.View           `json:"faults"`
}

type snapshotView struct {
	StartedAt         float64              `json:"startedAt"`
	Elapsed           float64              `json:"elapsed"`
	Started           int64                `json:"started"`
	Finished          int64                `json:"finished"`
	Failed            int64                `json:"failed"`
	Interrupted       int64                `json:"interrupted"`
	Open              int64                `json:"open"`
	Lost              int64                `json:"lost"`
	ScriptErrors      int64                `json:"scriptErrors"`
	FirstScriptErrors []string             `json:"firstScriptErrors"`
	RefusedValues     int64                `json:"refusedValues"`
	Signal            string               `json:"signal"`
	Remarks           []ledger.RemarkView  `json:"remarks"`
	Failures          failures.View        `json:"failures"`
	Rows              []ledger.RowView     `json:"rows"`
	Outcomes          []ledger.OutcomeView `json:"outcomes"`
	Phases            []phaseView          `json:"phases"`
	Timeline          []ledger.SlotView    `json:"timeline"`
	Instrument        instrumentView       `json:"instrument"`
	Tokens            *credentials.View    `json:"tokens,omitempty"`
}

// Snapshot is snapshot(). It goes through JSON, so that the script gets plain objects and arrays.
func (v *VU) Snapshot(sobek.FunctionCall) sobek.Value {
	raw, err := json.Marshal(v.snapshot())
	if err != nil {
		v.fail("snapshot(): " + err.Error())
	}
	return v.plain("snapshot()", raw)
}

// plain makes plain objects and arrays of JSON.
func (v *VU) plain(call string, raw []byte) sobek.Value {
	rt := v.vu.Runtime()
	parse, _ := sobek.AssertFunction(rt.Get("JSON").ToObject(rt).Get("parse"))
	plain, err := parse(sobek.Undefined(), rt.ToValue(string(raw)))
	if err != nil {
		v.fail(call + ": " + err.Error())
	}
	return plain
}

// part makes one part of a snapshot. A fault in it costs that part, and is told in the snapshot's own faults.
func (l *load) part(name string, make func()) {
	defer l.faults.Guard("putting together "+name, nil)
	make()
}

func (v *VU) snapshot() snapshotView {
	t := clock.Now()
	l := v.load
	l.live.close()
	var elapsed int64
	sum := ledger.Totals{Seen: &ledger.Seen{}, Rows: []ledger.RowView{}, Outcomes: []ledger.OutcomeView{}}
	l.part("the time", func() { elapsed = l.elapsed(t) })
	l.part("the counts", func() { sum = l.ledger.Totals(l.part) })
	view := snapshotView{
		StartedAt: float64(l.ledger.StartedAt() / int64(time.Millisecond)), Elapsed: clock.Ms(elapsed),
		Started: sum.Started, Finished: sum.Finished, Failed: sum.Failed, Interrupted: sum.Interrupted,
		Open: sum.Open(), Lost: sum.Lost, ScriptErrors: sum.ScriptErrors, FirstScriptErrors: sum.FirstScriptErrors,
		RefusedValues: sum.Refused, Signal: l.signals.Asked(), Remarks: sum.Seen.Remarks(), Rows: sum.Rows,
		Outcomes: sum.Outcomes, Phases: []phaseView{}, Timeline: []ledger.SlotView{},
	}
	l.part("what the target said", func() { view.Failures = l.failures.View() })
	if l.schedule != nil && l.ledger.Start() != 0 {
		l.part("the phases", func() { view.Phases = v.phases(elapsed) })
		l.part("the timeline", func() { view.Timeline = l.ledger.Timeline.Views(l.phaseName) })
	}
	l.part("the instrument", func() { view.Instrument = v.instrument(sum.Seen, t) })
	if l.credentials != nil {
		tokens := l.credentials.View()
		tokens.Error = l.secrets.Line(tokens.Error)
		view.Tokens = &tokens
	}
	view.Instrument.Faults = l.faults.View()
	return view
}

// phaseName is the name of the phase that runs at t, "" for none.
func (l *load) phaseName(t int64) string { return l.schedule.Name(l.schedule.PhaseAt(t)) }

func (v *VU) phases(elapsed int64) []phaseView {
	phases, due, dropped := v.load.schedule.Report(elapsed)
	if v.vu.State() != nil {
		v.pushDropped(dropped)
	}
	return phaseViews(phases, due, v.load.ledger.Timeline.MaxInFlight(), elapsed)
}

func phaseViews(phases []schedule.Phase, due, maxInFlight []int64, elapsed int64) []phaseView {
	views := make([]phaseView, len(phases))
	for i, p := range phases {
		views[i] = phaseView{
			Phase: p.Name, Start: clock.Ms(p.Start), End: clock.Ms(p.End), Due: due[i],
			Dispatched: p.Dispatched, Dropped: p.Dropped, Waited: p.Waited, MaxInFlight: maxInFlight[i],
		}
		if !p.Began && (p.Start > elapsed || p.Start == p.End) {
			views[i].Start = -1
		}
	}
	return views
}

func (v *VU) instrument(seen *ledger.Seen, t int64) instrumentView {
	m := v.root.conns.Machinery()
	view := instrumentView{
		Clock: m.Clock, ClockReason: m.Reason, Poller: m.Poller, Timer: clock.Timer(),
		ReadClock: v.root.conns.ReadClock(), Lateness: seen.Lateness.View(), ReadDelay: seen.ReadDelay.View(),
		ContentEvents: seen.ContentEvents, ContentReads: seen.ContentReads, LateShared: seen.LateShared,
		CPUs: runtime.NumCPU(), MaxRSSBytes: host.MaxRSS(), Goroutines: runtime.NumGoroutine(),
		ClockSteps: m.Steps(),
	}
	if v.load.ledger.Start() != 0 {
		view.CPUSeconds, view.WallSeconds = v.load.meter.Used(t)
		_, view.CPUPeak = v.load.meter.CPU()
	}
	return view
}

// PhaseStats is phaseStats().
func (v *VU) PhaseStats(phase, metric string) sobek.Value {
	stats := v.load.ledger.Timeline.Stats(phase, metric)
	o := v.vu.Runtime().NewObject()
	_ = o.Set("started", stats.Started)
	_ = o.Set("ended", stats.Ended)
	_ = o.Set("failed", stats.Failed)
	_ = o.Set("p50", stats.Values.Quantile(0.50))
	_ = o.Set("p95", stats.Values.Quantile(0.95))
	_ = o.Set("p99", stats.Values.Quantile(0.99))
	return o
}

// Traces is traces().
func (v *VU) Traces(sobek.FunctionCall) sobek.Value {
	sampled, slowest, failed := v.load.traces.Read()
	raw, err := json.Marshal(map[string]any{"sampled": sampled, "slowest": slowest, "failed": failed})
	if err != nil {
		v.fail("traces(): " + err.Error())
	}
	return v.plain("traces()", raw)
}
