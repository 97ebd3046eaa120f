package sse

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/grafana/sobek"
)

// safety is what keeps answers, and faults of our own, from ending the process.
type safety struct {
	bounds bounds
	budget budget
	faults faults
}

func newSafety() *safety {
	usual, _ := boundsDef{}.bounds()
	return &safety{bounds: usual}
}

// faults are panics of our own code. They end one request, one user or one part of the record, never the run: hours of
// measuring must not be lost. They are counted, and make the run INVALID.
type faults struct {
	mu    sync.Mutex
	count int64
	first []string
}

type faultsView struct {
	Count int64    `json:"count"`
	First []string `json:"first"`
}

func (f *faults) view() faultsView {
	f.mu.Lock()
	defer f.mu.Unlock()
	return faultsView{f.count, append([]string{}, f.first...)}
}

// add counts what recover() returned and tells it in a sentence: what, and where.
func (f *faults) add(during string, recovered any) string {
	const kept = 5
	sentence := fmt.Sprintf("a fault of the instrument itself while %s: %v (%s)", during, recovered, site())
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

// guard recovers from a fault of ours, and from nothing else: what JavaScript throws goes through Go as a panic too.
// It must be deferred itself.
func (f *faults) guard(during string, then func(sentence string)) {
	recovered := recover()
	if recovered == nil {
		return
	}
	switch recovered.(type) {
	case sobek.Value, *sobek.Exception, *sobek.InterruptedError:
		panic(recovered)
	}
	sentence := f.add(during, recovered)
	if then != nil {
		then(sentence)
	}
}
