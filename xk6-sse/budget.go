package sse

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
)

// budget is what all answers in hand may hold together, beside a little that each may always hold. What it counts is
// what they hold; what the process takes for that is more: the runtime lets what was given back pile up until it is as
// much as all that is in use, and keeps the room of it. So while much is held the runtime has a limit.
type budget struct {
	used  atomic.Int64
	taken atomic.Int64 // in large pieces, since the memory was last cleared up

	clearing sync.Mutex // held while the memory is cleared up

	tight atomic.Int64 // the budget that the runtime has a limit for, 0: it has none
	mu    sync.Mutex
	usual int64 // the limit that the runtime had before (GOMEMLIMIT)
}

// purse is one request's part of it.
type purse struct {
	of   *budget
	held int64
}

// take asks for n bytes more.
func (p *purse) take(n, most int64) bool {
	used := p.of.used.Add(n)
	if used > most {
		p.of.used.Add(-n)
		return false
	}
	p.held += n
	if n >= large {
		p.of.watch(n, used, most)
	}
	return true
}

// back returns n bytes.
func (p *purse) back(n int64) {
	used := p.of.used.Add(-n)
	p.held -= n
	if most := p.of.tight.Load(); n >= large && float64(used) <= littleHeld*float64(most) {
		p.of.slacken()
	}
}

// empty returns all.
func (p *purse) empty() {
	if p.held != 0 {
		p.back(p.held)
	}
}

const (
	// large pieces of memory are those that must not pile up until the runtime's own turn, at twice what is in use.
	large = 512 << 10
	// muchHeld, of the budget, is when the runtime gets its limit, and littleHeld when it loses it.
	muchHeld, littleHeld = 0.25, 0.05
)

// watch has the runtime take back what was given back, once as much as a third of the budget has been taken, and keep
// within a limit while much is held. Who would take more meanwhile waits: where the machine has much else to do, a
// collection takes so long that the others had filled the memory again before its end.
func (b *budget) watch(n, used, most int64) {
	if float64(used) > muchHeld*float64(most) && b.tight.Load() == 0 {
		b.tighten(most)
	}
	if b.taken.Add(n) <= most/3 {
		return
	}
	b.clearing.Lock()
	defer b.clearing.Unlock()
	if b.taken.Load() > most/3 { // nobody has done it while this one waited
		b.taken.Store(0)
		runtime.GC()
		if b.tight.Load() != 0 {
			b.tighten(most)
		}
	}
}

// tighten gives the runtime a limit: what it holds beside the answers, and half as much again as those may hold. It then
// collects sooner, and returns room that it does not use before it takes more.
func (b *budget) tighten(most int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tight.Swap(most) == 0 {
		b.usual = debug.SetMemoryLimit(-1)
	}
	beside := max(0, inUse()-b.used.Load())
	debug.SetMemoryLimit(min(b.usual, beside+most+most/2))
}

// slacken gives the runtime the limit back that it had.
func (b *budget) slacken() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tight.Swap(0) != 0 {
		debug.SetMemoryLimit(b.usual)
	}
}

// inUse is how much memory the runtime holds, without what it could return.
func inUse() (bytes int64) {
	samples := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(samples)
	total := samples[0].Value.Uint64() - samples[1].Value.Uint64() - samples[2].Value.Uint64()
	return int64(min(total, math.MaxInt64))
}
