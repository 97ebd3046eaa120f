package sse

import "time"

// alarm is a timer that one goroutine sleeps by.
type alarm interface {
	// wait calls arm, which sets it, and sleeps until it rings. It may ring for nothing.
	wait(arm func())
	// set has it ring after d ns, whatever was set before; any goroutine may.
	set(d int64)
	close()
}

// runtimeAlarm is one of the runtime's timers, which are up to a millisecond late.
type runtimeAlarm struct{ timer *time.Timer }

func newRuntimeAlarm() runtimeAlarm { return runtimeAlarm{time.NewTimer(time.Hour)} }

func (a runtimeAlarm) set(d int64)     { a.timer.Reset(time.Duration(d)) }
func (a runtimeAlarm) wait(arm func()) { arm(); <-a.timer.C }
func (a runtimeAlarm) close()          { a.timer.Stop() }
