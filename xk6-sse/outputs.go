package sse

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
)

// samplesMade counts the samples that this module has handed to k6.
var samplesMade atomic.Int64

// outputsLog is what k6's outputs (--out) complained of. k6 logs an output's failed write, goes on and forgets it; a
// hook on its log is all that can see it.
type outputsLog struct {
	mu      sync.Mutex
	outputs []*outputErrors
}

// outputErrors are those of one output.
type outputErrors struct {
	name     string
	errors   int64
	messages []string // the first different ones
	spans    []errorSpan
}

// errorSpan is a row of errors with no flush in between that can have gone well.
type errorSpan struct {
	first, last time.Time
	made        [2]int64 // samplesMade at the first and the last
	errors      int64
}

const (
	messagesKept = 3
	spansKept    = 100
)

// flushIntervals are how often outputs write, where their name and setting are known.
var flushIntervals = map[string]struct {
	setting string
	preset  time.Duration
}{
	"InfluxDBv1":              {"K6_INFLUXDB_PUSH_INTERVAL", time.Second},
	"Prometheus remote write": {"K6_PROMETHEUS_RW_PUSH_INTERVAL", 5 * time.Second},
}

// flushInterval is how often the output writes; a second where that is not known.
func flushInterval(output string) time.Duration {
	known := flushIntervals[output]
	if set, err := time.ParseDuration(os.Getenv(known.setting)); err == nil && set > 0 {
		return set
	}
	return max(known.preset, time.Second)
}

// watch hooks the log of k6. Anything but k6's own logger (in tests) has nothing to watch.
func (o *outputsLog) watch(logger logrus.FieldLogger) {
	switch l := logger.(type) {
	case *logrus.Logger:
		l.AddHook(o)
	case *logrus.Entry:
		l.Logger.AddHook(o)
	}
}

// Levels is logrus's.
func (o *outputsLog) Levels() []logrus.Level {
	return []logrus.Level{logrus.ErrorLevel, logrus.FatalLevel, logrus.PanicLevel}
}

// Fire is logrus's. k6's own outputs name themselves in the field `output`.
func (o *outputsLog) Fire(entry *logrus.Entry) error {
	name, _ := entry.Data["output"].(string)
	if component, _ := entry.Data["component"].(string); name == "" && component == "output-manager" {
		name = component
	}
	if name == "" {
		return nil
	}
	message := entry.Message
	if err, ok := entry.Data[logrus.ErrorKey]; ok {
		message = fmt.Sprintf("%s: %v", message, err)
	}
	o.add(name, message, entry.Time)
	return nil
}

func (o *outputsLog) add(name, message string, at time.Time) {
	const longest = 300
	message = strings.ToValidUTF8(strings.TrimSpace(message), "?")
	if len(message) > longest {
		message = strings.ToValidUTF8(message[:longest], "") + " ..."
	}
	made := samplesMade.Load()
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.outputs, func(e *outputErrors) bool { return e.name == name })
	if i < 0 {
		i = len(o.outputs)
		o.outputs = append(o.outputs, &outputErrors{name: name})
	}
	e := o.outputs[i]
	e.errors++
	if len(e.messages) < messagesKept && !slices.Contains(e.messages, message) {
		e.messages = append(e.messages, message)
	}
	if n := len(e.spans); n > 0 {
		last := &e.spans[n-1]
		if at.Sub(last.last) < 2*flushInterval(name) || n == spansKept {
			last.last, last.made[1] = at, made
			last.errors++
			return
		}
	}
	e.spans = append(e.spans, errorSpan{at, at, [2]int64{made, made}, 1})
}

type outputView struct {
	Name     string     `json:"name"`
	Errors   int64      `json:"errors"`
	Messages []string   `json:"messages"`
	Holes    []holeView `json:"holes"`
}

type holeView struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Samples float64 `json:"samples"`
}

// views lists the outputs that complained. An error at t is the loss of what came since the flush before, an interval
// ago. `loadFrom`: when the load began, Unix ns.
func (o *outputsLog) views(loadFrom int64) []outputView {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := []outputView{}
	for _, e := range o.outputs {
		interval := flushInterval(e.name)
		view := outputView{Name: e.name, Errors: e.errors, Messages: e.messages, Holes: []holeView{}}
		for _, s := range e.spans {
			// Samples a second: between the first and the last error, or of the load until then.
			made, over := float64(s.made[1]-s.made[0]), s.last.Sub(s.first).Seconds()
			if over <= 0 {
				made, over = float64(s.made[0]), max(s.first.Sub(time.Unix(0, loadFrom)).Seconds(), interval.Seconds())
			}
			view.Holes = append(view.Holes, holeView{
				From:    float64(s.first.Add(-interval).UnixMilli()),
				To:      float64(s.last.UnixMilli()),
				Samples: made / over * min(float64(s.errors)*interval.Seconds(), s.last.Sub(s.first).Seconds()+interval.Seconds()),
			})
		}
		all = append(all, view)
	}
	return all
}

// Outputs is outputs().
func (v *VU) Outputs(sobek.FunctionCall) sobek.Value {
	raw, err := json.Marshal(v.root.outputs.views(v.load.ledger.StartedAt()))
	if err != nil {
		v.fail("outputs(): " + err.Error())
	}
	return v.plain("outputs()", raw)
}
