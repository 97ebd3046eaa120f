package sse

import (
	"encoding/json"
	"maps"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/grafana/sobek"
)

type rowView struct {
	Metric    string            `json:"metric"`
	Tags      map[string]string `json:"tags"`
	Histogram histogramView     `json:"histogram"`
}

type outcomeView struct {
	Tags    map[string]string `json:"tags"`
	Outcome string            `json:"outcome"`
	Count   int64             `json:"count"`
}

type phaseView struct {
	Phase       string  `json:"phase"`
	Start       float64 `json:"start"`
	End         float64 `json:"end"`
	Due         int64   `json:"due"`
	Handed      int64   `json:"handed"`
	Dropped     int64   `json:"dropped"`
	Waited      int64   `json:"waited"`
	MaxInFlight int64   `json:"maxInFlight"`
}

type slotView struct {
	Slot     int                      `json:"slot"`
	Phase    string                   `json:"phase"`
	Started  int64                    `json:"started"`
	Outcomes map[string]int64         `json:"outcomes"`
	InFlight int64                    `json:"inFlight"`
	Metrics  map[string]histogramView `json:"metrics"`
}

type instrumentView struct {
	Clock         string        `json:"clock"`
	ClockReason   string        `json:"clockReason"`
	ReadClock     readClockView `json:"readClock"`
	Wake          histogramView `json:"wake"`
	ReadDelay     histogramView `json:"readDelay"`
	ContentEvents int64         `json:"contentEvents"`
	ContentReads  int64         `json:"contentReads"`
	LateShared    int64         `json:"lateShared"`
	CPUSeconds    float64       `json:"cpuSeconds"`
	WallSeconds   float64       `json:"wallSeconds"`
	CPUs          int           `json:"cpus"`
	CPUPeak       float64       `json:"cpuPeak"`
	MaxRSSBytes   int64         `json:"maxRssBytes"`
	Goroutines    int           `json:"goroutines"`
	ClockSteps    stepsView     `json:"clockSteps"`
	Faults        faultsView    `json:"faults"`
}

type snapshotView struct {
	StartedAt         float64        `json:"startedAt"`
	Elapsed           float64        `json:"elapsed"`
	Started           int64          `json:"started"`
	Finished          int64          `json:"finished"`
	Failed            int64          `json:"failed"`
	Interrupted       int64          `json:"interrupted"`
	Open              int64          `json:"open"`
	Lost              int64          `json:"lost"`
	ScriptErrors      int64          `json:"scriptErrors"`
	FirstScriptErrors []string       `json:"firstScriptErrors"`
	RefusedValues     int64          `json:"refusedValues"`
	Signal            string         `json:"signal"`
	Remarks           []remarkView   `json:"remarks"`
	Rows              []rowView      `json:"rows"`
	Outcomes          []outcomeView  `json:"outcomes"`
	Phases            []phaseView    `json:"phases"`
	Timeline          []slotView     `json:"timeline"`
	Instrument        instrumentView `json:"instrument"`
}

// Snapshot is snapshot(). It goes through JSON, so that the script gets plain objects and arrays.
func (v *VU) Snapshot(sobek.FunctionCall) sobek.Value {
	raw, err := json.Marshal(v.root.snapshot(v))
	if err != nil {
		v.fail("snapshot(): " + err.Error())
	}
	return v.plain("snapshot()", raw)
}

// part makes one part of a snapshot. A fault in it costs that part, and is told in the snapshot's own faults.
func (r *Root) part(name string, make func()) {
	defer r.faults.guard("putting together "+name, nil)
	make()
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

func (r *Root) snapshot(v *VU) snapshotView {
	t := now()
	l := r.ledger
	var elapsed int64
	sum := &shard{}
	r.part("the time", func() { elapsed = r.elapsed(t) })
	r.part("the counts", func() { sum = l.totals() })
	view := snapshotView{
		Elapsed: ms(elapsed), Remarks: sum.remarks.views(), Started: sum.started, Finished: sum.finished, Failed: sum.failed,
		Interrupted: sum.interrupted, Lost: sum.lost, RefusedValues: l.refused.Load(), Signal: r.signalName(),
		Open: sum.started - sum.finished - sum.failed - sum.interrupted - sum.lost,
		Rows: []rowView{}, Outcomes: []outcomeView{}, Phases: []phaseView{}, Timeline: []slotView{},
	}
	if started := l.startedAt.Load(); started != 0 {
		view.StartedAt = float64(started / int64(time.Millisecond))
	}
	l.scriptFails.mu.Lock()
	view.ScriptErrors, view.FirstScriptErrors = l.scriptFails.count, append([]string{}, l.scriptFails.first...)
	l.scriptFails.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(sum.rows)) {
		r.part("the metrics", func() { view.addRow(l, sum.rows[key]) })
	}
	if r.schedule != nil && l.start.Load() != 0 {
		r.part("the phases", func() { view.Phases = r.phaseViews(v, elapsed) })
		r.part("the timeline", func() { view.Timeline = l.timeline.views() })
	}
	r.part("the instrument", func() { view.Instrument = r.instrument(sum, t) })
	view.Instrument.Faults = r.faults.view()
	return view
}

func (view *snapshotView) addRow(l *ledger, row *row) {
	for i, h := range row.series {
		if h != nil {
			view.Rows = append(view.Rows, rowView{l.metrics[i].Name, row.tags, h.view()})
		}
	}
	for _, outcome := range slices.Sorted(maps.Keys(row.outcomes)) {
		view.Outcomes = append(view.Outcomes, outcomeView{row.tags, outcome, row.outcomes[outcome]})
	}
}

// elapsed is how long the load has run: till now, or till its end once the schedule and the last request are through.
func (r *Root) elapsed(t int64) int64 {
	l := r.ledger
	start := l.start.Load()
	if start == 0 || r.schedule == nil {
		return 0
	}
	r.schedule.mu.Lock()
	end := r.schedule.end()
	r.schedule.mu.Unlock()
	if r.signalName() != "" && l.inFlight.Load() == 0 {
		return min(t-start, max(0, l.lastEnd.Load()-start))
	}
	if t-start > end && l.inFlight.Load() == 0 {
		return max(end, l.lastEnd.Load()-start)
	}
	return t - start
}

func (r *Root) phaseViews(v *VU, elapsed int64) []phaseView {
	s := r.schedule
	s.mu.Lock()
	var dropped int64
	if s.kind != "closed" {
		dropped = s.expire(elapsed)
	}
	due := s.pending(elapsed)
	phases := slices.Clone(s.phases)
	s.mu.Unlock()
	if v.vu.State() != nil {
		v.pushDropped(dropped)
	}
	counts := r.ledger.timeline
	counts.mu.Lock()
	defer counts.mu.Unlock()
	views := make([]phaseView, len(phases))
	for i, p := range phases {
		views[i] = phaseView{
			Phase: p.name, Start: ms(p.start), End: ms(p.end), Due: p.handed + p.dropped + due[i],
			Handed: p.handed, Dropped: p.dropped, Waited: p.waited, MaxInFlight: counts.phases[i].maxInFlight,
		}
		if !p.began && (p.start > elapsed || p.start == p.end) {
			views[i].Start = -1
		}
	}
	return views
}

// views lists the slots. Where nothing began, as many are in flight as before.
func (t *timeline) views() []slotView {
	t.schedule.mu.Lock()
	phases := slices.Clone(t.schedule.phases)
	t.schedule.mu.Unlock()
	at := &schedule{phases: phases}
	t.mu.Lock()
	defer t.mu.Unlock()
	views := make([]slotView, len(t.slots))
	var running int64
	for i := range t.slots {
		s := &t.slots[i]
		view := slotView{
			Slot: i, Started: s.started, InFlight: max(s.inFlight, running),
			Outcomes: maps.Clone(s.outcomes), Metrics: map[string]histogramView{},
		}
		if view.Outcomes == nil {
			view.Outcomes = map[string]int64{}
		}
		if p := at.phaseAt(int64(i) * t.width); p >= 0 {
			view.Phase = phases[p].name
		}
		for j, h := range s.series {
			if h.count > 0 {
				view.Metrics[t.metrics[j].Name] = h.view()
			}
		}
		running += s.started - s.ended
		views[i] = view
	}
	return views
}

func (r *Root) instrument(sum *shard, t int64) instrumentView {
	c := r.clock()
	view := instrumentView{
		Clock: c.name(), ClockReason: c.reason, ReadClock: r.readClock.view(), Wake: sum.wake.view(), ReadDelay: sum.readDelay.view(),
		ContentEvents: sum.contentEvents, ContentReads: sum.contentReads, LateShared: sum.lateShared, CPUs: runtime.NumCPU(),
		MaxRSSBytes: maxRSS(), Goroutines: runtime.NumGoroutine(), ClockSteps: c.steps.view(),
	}
	if r.ledger.start.Load() != 0 {
		r.meter.pass(t)
		view.CPUSeconds = float64(processCPU()-r.meter.startCPU) / 1e9
		view.WallSeconds = float64(t-r.meter.startWall) / 1e9
		view.CPUPeak = math.Min(1, float64(r.meter.peak.Load())/1e6)
	}
	return view
}

// PhaseStats is phaseStats().
func (v *VU) PhaseStats(phase, metric string) sobek.Value {
	started, ended, failed, h := v.root.ledger.timeline.stats(phase, metric)
	o := v.vu.Runtime().NewObject()
	_ = o.Set("started", started)
	_ = o.Set("ended", ended)
	_ = o.Set("failed", failed)
	_ = o.Set("p50", h.quantile(0.50))
	_ = o.Set("p99", h.quantile(0.99))
	return o
}
