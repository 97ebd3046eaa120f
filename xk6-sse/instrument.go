package sse

import (
	"runtime"
	"sync/atomic"
	"time"
)

// meter measures what this process itself uses. It has no goroutine: whoever comes by after a second takes the sample.
type meter struct {
	startCPU, startWall int64        // at the schedule's start
	due                 atomic.Int64 // when the next sample is to be taken
	lastCPU, lastWall   int64        // of the last sample; only its taker touches them
	last, peak          atomic.Int64 // share of all CPUs in the last second, and the highest, in parts per million
}

func (m *meter) begin(t int64) {
	m.startCPU, m.startWall = processCPU(), t
	m.lastCPU, m.lastWall = m.startCPU, t
	m.due.Store(t + int64(time.Second))
}

// pass takes a sample when a second has gone by. It costs one load otherwise.
func (m *meter) pass(t int64) {
	due := m.due.Load()
	if due == 0 || t < due || !m.due.CompareAndSwap(due, 1<<62) {
		return
	}
	cpu := processCPU()
	if wall := t - m.lastWall; wall > 0 {
		share := (cpu - m.lastCPU) * 1e6 / wall / int64(runtime.NumCPU())
		m.last.Store(share)
		m.peak.Store(max(m.peak.Load(), share))
	}
	m.lastCPU, m.lastWall = cpu, t
	m.due.Store(t + int64(time.Second))
}
