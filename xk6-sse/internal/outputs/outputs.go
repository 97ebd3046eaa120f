// Package outputs hears what k6's outputs (--out) complain of: k6 logs an output's failed write, goes on and forgets
// it.
package outputs

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"
)

// Log is what the outputs complained of. A hook on k6's log is all that can see it. The zero value is ready.
type Log struct {
	made atomic.Int64 // samples that were handed to k6

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
	made        [2]int64 // samples made at the first and the last
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

// Made counts n samples that are handed to k6.
func (o *Log) Made(n int64) { o.made.Add(n) }

// Watch hooks the log of k6. Anything but k6's own logger (in tests) has nothing to watch.
func (o *Log) Watch(logger logrus.FieldLogger) {
	switch l := logger.(type) {
	case *logrus.Logger:
		l.AddHook(o)
	case *logrus.Entry:
		l.Logger.AddHook(o)
	}
}

// Levels is logrus's.
func (o *Log) Levels() []logrus.Level {
	return []logrus.Level{logrus.ErrorLevel, logrus.FatalLevel, logrus.PanicLevel}
}

// Fire is logrus's. k6's own outputs name themselves in the field `output`.
func (o *Log) Fire(entry *logrus.Entry) error {
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

func (o *Log) add(name, message string, at time.Time) {
	const longest = 300
	message = strings.ToValidUTF8(strings.TrimSpace(message), "?")
	if len(message) > longest {
		message = strings.ToValidUTF8(message[:longest], "") + " ..."
	}
	made := o.made.Load()
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

// View is sse.d.ts's OutputErrors.
type View struct {
	Name     string   `json:"name"`
	Errors   int64    `json:"errors"`
	Messages []string `json:"messages"`
	Holes    []Hole   `json:"holes"`
}

// Hole is a time whose samples an output did not keep.
type Hole struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Samples float64 `json:"samples"`
}

// Views lists the outputs that complained. An error at t is the loss of what came since the flush before, an interval
// ago. `loadFrom`: when the load began, Unix ns.
func (o *Log) Views(loadFrom int64) []View {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := []View{}
	for _, e := range o.outputs {
		interval := flushInterval(e.name)
		view := View{Name: e.name, Errors: e.errors, Messages: e.messages, Holes: []Hole{}}
		for _, s := range e.spans {
			// Samples a second: between the first and the last error, or of the load until then.
			made, over := float64(s.made[1]-s.made[0]), s.last.Sub(s.first).Seconds()
			if over <= 0 {
				made, over = float64(s.made[0]), max(s.first.Sub(time.Unix(0, loadFrom)).Seconds(), interval.Seconds())
			}
			view.Holes = append(view.Holes, Hole{
				From: float64(s.first.Add(-interval).UnixMilli()),
				To:   float64(s.last.UnixMilli()),
				Samples: made / over * min(float64(s.errors)*interval.Seconds(),
					s.last.Sub(s.first).Seconds()+interval.Seconds()),
			})
		}
		all = append(all, view)
	}
	return all
}
