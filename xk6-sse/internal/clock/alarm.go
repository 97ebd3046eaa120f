package clock

import (
	"os"
	"sync"
	"time"
)

// Alarm is a timer that one goroutine sleeps by.
type Alarm interface {
	// Wait calls arm, which sets it, and sleeps until it rings. It may ring for nothing.
	Wait(arm func())
	// Set has it ring after d ns, whatever was set before; any goroutine may.
	Set(d int64)
	Close()
}

// The names of the alarms there are, for run.json.
const (
	kernelTimer  = "timerfd"
	runtimeTimer = "runtime"
)

// Timer names the alarms of this process: timerfd where the kernel has it, else runtime. K6_SSE_TIMER=runtime in the
// environment at the start turns the kernel's off.
var Timer = sync.OnceValue(func() string {
	if os.Getenv("K6_SSE_TIMER") == runtimeTimer {
		return runtimeTimer
	}
	a := newKernelAlarm()
	if a == nil {
		return runtimeTimer
	}
	a.Close()
	return kernelTimer
})

// NewAlarm makes an alarm of the kind that Timer names.
func NewAlarm() Alarm {
	if Timer() == kernelTimer {
		if a := newKernelAlarm(); a != nil {
			return a
		}
	}
	return newRuntimeAlarm()
}

// runtimeAlarm is one of the runtime's timers, which are up to a millisecond late. Every platform has them.
type runtimeAlarm struct{ timer *time.Timer }

func newRuntimeAlarm() Alarm { return runtimeAlarm{time.NewTimer(time.Hour)} }

func (a runtimeAlarm) Set(d int64)     { a.timer.Reset(time.Duration(d)) }
func (a runtimeAlarm) Wait(arm func()) { arm(); <-a.timer.C }
func (a runtimeAlarm) Close()          { a.timer.Stop() }
