// Package fault keeps panics of our own code from ending a run.
package fault

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Log counts panics of our own code. They end one request, one user or one part of the record, never
// the run: hours of measuring must not be lost. They make the run INVALID. The zero value is ready.
type Log struct {
	// Passes tells that a panic is none of ours, and goes on. May be nil.
	Passes func(recovered any) bool
	// Clean makes a sentence fit to be shown. May be nil.
	Clean func(sentence string) string

	mu    sync.Mutex
	count int64
	first []string
}

// View is how many faults there were, and the first different ones.
type View struct {
	Count int64    `json:"count"`
	First []string `json:"first"`
}

// View is what snapshot() tells.
func (f *Log) View() View {
	f.mu.Lock()
	defer f.mu.Unlock()
	return View{f.count, append([]string{}, f.first...)}
}

// add counts what recover() returned and tells it in a sentence: what, and where.
func (f *Log) add(during string, recovered any) string {
	const kept = 5
	sentence := fmt.Sprintf("a fault of the instrument itself while %s: %v (%s)", during, recovered, site())
	if f.Clean != nil {
		sentence = f.Clean(sentence)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if len(f.first) < kept && !slices.Contains(f.first, sentence) {
		f.first = append(f.first, sentence)
	}
	return sentence
}

// site is where a panic happened: the first call above the runtime's own.
func site() string {
	calls := make([]uintptr, 32)
	frames := runtime.CallersFrames(calls[:runtime.Callers(3, calls)])
	panicked := false
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "runtime.") {
			panicked = true
		} else if panicked {
			return fmt.Sprintf("%s:%d", frame.File[strings.LastIndexByte(frame.File, '/')+1:], frame.Line)
		}
		if !more {
			return "unknown place"
		}
	}
}

// Guard recovers from a fault of ours, and tells `then` (which may be nil) the sentence. It must be deferred itself.
func (f *Log) Guard(during string, then func(sentence string)) {
	recovered := recover()
	if recovered == nil {
		return
	}
	if f.Passes != nil && f.Passes(recovered) {
		panic(recovered)
	}
	sentence := f.add(during, recovered)
	if then != nil {
		then(sentence)
	}
}
