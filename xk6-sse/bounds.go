package sse

import (
	"fmt"

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
