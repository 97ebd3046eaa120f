// Package host is what the extension asks of the machine and of its own process: CPU and memory (Meter), facts for
// run.json (Environment), and files written whole or not at all (WriteFiles).
package host

import (
	"runtime"
	"sync/atomic"
	"time"
)

// Meter measures what this process itself uses. It has no goroutine: whoever comes by after a second takes the sample.
type Meter struct {
	startCPU, startWall int64        // at the schedule's start
	due                 atomic.Int64 // when the next sample is to be taken
	lastCPU, lastWall   int64        // of the last sample; only its taker touches them
	last, peak          atomic.Int64 // share of all CPUs in the last second, and the highest, in parts per million
}

// Begin starts the measuring, at t on the clock's scale.
func (m *Meter) Begin(t int64) {
	m.startCPU, m.startWall = processCPU(), t
	m.lastCPU, m.lastWall = m.startCPU, t
	m.due.Store(t + int64(time.Second))
}

// Pass takes a sample when a second has gone by. It costs one load otherwise.
func (m *Meter) Pass(t int64) {
	due := m.due.Load()
	if due == 0 || t < due || !m.due.CompareAndSwap(due, 1<<62) {
		return
	}
	cpu := processCPU()
	if wall := t - m.lastWall; wall > 0 {
		part := (cpu - m.lastCPU) * 1e6 / wall / int64(runtime.NumCPU())
		m.last.Store(part)
		m.peak.Store(max(m.peak.Load(), part))
	}
	m.lastCPU, m.lastWall = cpu, t
	m.due.Store(t + int64(time.Second))
}

// CPU is the share (0 to 1) of all CPUs' time that this process used in the last second, and the most in any second.
func (m *Meter) CPU() (last, peak float64) {
	return float64(m.last.Load()) / 1e6, min(1, float64(m.peak.Load())/1e6)
}

// Used is the CPU time and the wall time since Begin, in seconds.
func (m *Meter) Used(t int64) (cpu, wall float64) {
	m.Pass(t)
	return float64(processCPU()-m.startCPU) / 1e9, float64(t-m.startWall) / 1e9
}

// MaxRSS is the most memory that this process has had, in bytes.
func MaxRSS() int64 { return maxRSS() }
