package schedule

import (
	"errors"
	"math"

	"github.com/gsai-perf/xk6-sse/internal/tracefile"
)

// trace arrivals come when those of a recorded trace came. Its one segment has the trace's mean rate, so the place of an
// arrival on the cumulative scale is its time at that rate.
type trace struct {
	open
	entries []tracefile.Entry
	rate    float64
	next    int // the arrival that First or Gap led to
}

func newTrace(s *Spec) (Process, error) {
	if s.Trace == nil {
		return nil, errors.New("trace arrivals need openTrace() before configure()")
	}
	if len(s.Segments) != 1 {
		return nil, errors.New("trace arrivals are of one phase with the trace's mean rate")
	}
	return &trace{entries: s.Trace.Entries, rate: s.Segments[0].From}, s.noBursts("trace")
}

func (t *trace) First() float64 { return t.entries[0].At * t.rate }

// Gap is infinite behind the last one.
func (t *trace) Gap() float64 {
	t.next++
	if t.next >= len(t.entries) {
		return math.Inf(1)
	}
	return (t.entries[t.next].At - t.entries[t.next-1].At) * t.rate
}

// Clone is Process's.
func (t *trace) Clone() Process {
	copied := *t
	return &copied
}
