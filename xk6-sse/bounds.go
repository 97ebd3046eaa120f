package sse

import (
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// bounds are the limits on what one answer, and all answers together, can make us hold: Bounds in sse.d.ts. Sizes are
// MiB there and bytes here.
type bounds struct {
	event, document, unpacked, memory, contents int64
}

// boundsDef is Bounds as configure() gets it.
type boundsDef struct {
	Event    float64 `json:"event"`
	Document float64 `json:"document"`
	Unpacked float64 `json:"unpacked"`
	Contents float64 `json:"contents"`
	Memory   float64 `json:"memory"`
}

var usualBounds = boundsDef{Event: 16, Document: 64, Unpacked: 64, Contents: 1e6, Memory: 96}

func (d boundsDef) bounds() (bounds, error) {
	var failure error
	bytesOf := func(name string, value, usual float64) int64 {
		if value == 0 {
			value = usual
		}
		if !(value > 0 && value <= 1<<20) { // written so that NaN fails too
			failure = fmt.Errorf("bounds.%s is %v; a number of MiB above 0 and up to 1048576 is wanted", name, value)
			return 0
		}
		return int64(value * (1 << 20))
	}
	b := bounds{
		event:    bytesOf("event", d.Event, usualBounds.Event),
		document: bytesOf("document", d.Document, usualBounds.Document),
		unpacked: bytesOf("unpacked", d.Unpacked, usualBounds.Unpacked),
		memory:   bytesOf("memory", d.Memory, usualBounds.Memory),
		contents: int64(usualBounds.Contents),
	}
	if d.Contents != 0 {
		if b.contents = int64(d.Contents); b.contents < 1 {
			failure = fmt.Errorf("bounds.contents is %v; a number from 1 on is wanted", d.Contents)
		}
	}
	return b, failure
}

// mib shows a size as the one who sets it writes it.
func mib(n int64) string { return fmt.Sprintf("%v MiB", float64(n)/(1<<20)) }

// beyond is how a request ends whose answer goes beyond a bound; the parameter changes it.
func beyond(what, most, parameter string) *outcome.Failure {
	return outcome.Failed(
		outcome.Malformed,
		"%s is larger than %s, the limit that %s sets: give %s a larger value if such answers are meant to be",
		what,
		most,
		parameter,
		parameter,
	)
}

// budget is what all answers in hand may hold together, beside a little that each may always hold.
type budget struct {
	used  atomic.Int64
	taken atomic.Int64 // in large pieces, since the memory was last cleared up
}

// purse is one request's part of it.
type purse struct {
	of   *budget
	held int64
}

// take asks for n bytes more.
func (p *purse) take(n, most int64) bool {
	if p.of.used.Add(n) > most {
		p.of.used.Add(-n)
		return false
	}
	p.held += n
	if n >= large {
		p.of.clearUp(n, most)
	}
	return true
}

// large pieces of memory are those that must not pile up until the runtime's own turn, at twice what is in use.
const large = 512 << 10

// clearUp has the runtime take back what was given back, once as much as may be held has been taken.
func (b *budget) clearUp(n, most int64) {
	if taken := b.taken.Add(n); taken > most/2 && b.taken.CompareAndSwap(taken, 0) {
		runtime.GC()
	}
}

// back returns n bytes.
func (p *purse) back(n int64) {
	p.of.used.Add(-n)
	p.held -= n
}

// empty returns all.
func (p *purse) empty() {
	if p.held != 0 {
		p.back(p.held)
	}
}

// room has a buffer that may hold `held` bytes hold `wanted` instead, in steps that double: the new length that it may
// have, at most `limit`. The buffer that it grows from lives until it has been copied, so both are paid for meanwhile.
func (x *exchange) room(held, wanted, limit int64, tooLarge *outcome.Failure) (int64, error) {
	if wanted > limit {
		return held, tooLarge
	}
	next := max(2*held, wanted, free)
	if next > limit {
		next = limit
	}
	if !x.pay(next) {
		return held, x.outOfMemory()
	}
	if held > free {
		x.r.purse.back(held)
	}
	return next, nil
}

// free is what each buffer of a request may hold without asking.
const free = 64 << 10

func (x *exchange) pay(n int64) bool { return x.r.purse.take(n, x.bounds.memory) }

// outOfMemory is our own limit, so it is a doubt about the instrument too.
func (x *exchange) outOfMemory() *outcome.Failure {
	most := mib(x.bounds.memory)
	x.r.remark(ledger.RemarkBudget, most+" for all answers in hand")
	return outcome.Failed(
		outcome.Malformed,
		"the answers in hand together hold more than %s, the limit that MEMORY_LIMIT sets: give MEMORY_LIMIT a larger "+
			"value if the target is meant to send so much, and this machine has the memory",
		most,
	)
}
