package sse

import (
	"bytes"
	"fmt"

	"github.com/tidwall/gjson"

	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// event looks at one event; false hangs up, or ends the request for what x.refused says.
func (x *exchange) event(b *wire.Block) bool {
	if len(b.Name) > 0 && namesAnError(b.Name) {
		return x.errorEvent(b.Data)
	}
	data := b.Data
	if !b.HasData {
		return true
	}
	r := x.r
	if r.done {
		return x.afterDone(bytes.TrimSpace(data))
	}
	offset := x.c.At - x.sent
	if said, ok := x.alike.Text(data); ok {
		x.counted(offset)
		if x.alike.Thinking {
			r.reasoningBytes += int64(len(said))
			return x.says(int64(len(said)), offset)
		}
		return x.answers(said, int64(len(said)), offset)
	}
	if data = bytes.TrimSpace(data); len(data) == 0 { // a keep-alive, and no event
		return true
	}
	x.counted(offset)
	if len(x.p.paths.Done) > 0 && content.Text(data) == content.Text(x.p.paths.Done) {
		r.done = true
		x.over()
		return true
	}
	switch x.shape(data) {
	case content.TooDeep:
		x.broken("an event is nested deeper than %d levels", content.Deepest)
		return true
	case content.JSON:
		return x.whole(data, offset)
	case content.Broken:
	}
	switch {
	case isKeepAlive(b.Name):
		return true
	case x.joined(data):
		x.broken(
			"the events are not separated by blank lines, so no client can tell them apart; they begin with %q",
			clip(string(data[:min(len(data), 200)])),
		)
	case x.flushing: // the stream ended within it
		x.unterminated = false
		x.r.remark(ledger.RemarkCutOff, clip(string(data[:min(len(data), 100)])))
	default:
		x.broken("an event is not JSON: %q", clip(string(data[:min(len(data), 200)])))
	}
	return true
}

// afterDone looks at an event behind [DONE], where clients have stopped reading: it is told, and is no content that would
// make the answer last longer. A failure is one all the same, and the usage is what was billed.
func (x *exchange) afterDone(data []byte) bool {
	if len(data) == 0 || content.Text(data) == content.Text(x.p.paths.Done) {
		return true
	}
	x.r.remark(ledger.RemarkAfterDone, clip(string(data[:min(len(data), 100)])))
	if x.shape(data) == content.JSON {
		if failure, is := x.failure(); is {
			x.failed(failure)
		}
		x.tokens()
	}
	return true
}

// counted counts an event of any kind.
func (x *exchange) counted(offset int64) {
	x.r.events++
	if x.r.firstChunk < 0 {
		x.r.firstChunk = offset
	}
	if x.flushing {
		x.unterminated = true
	}
}

// shape tells what data is, and finds what is wanted of it for all that looks at it afterwards.
func (x *exchange) shape(data []byte) content.Shape { return x.u.found.Scan(x.p.paths, data) }

// whole looks at an event that is JSON.
func (x *exchange) whole(data []byte, offset int64) bool {
	r := x.r
	failure, isFailure := x.failure()
	if isFailure {
		x.failed(failure)
	}
	s := x.u.found.Listen()
	finish, isFinish := x.finishReason()
	if isFinish {
		r.finish = kept(finish)
		x.progress = x.c.At
		x.badFinish()
	}
	x.u.found.Each(content.Over, func(gjson.Result) bool { x.over(); return false })
	if hasTokens := x.tokens(); !isFailure && !isFinish && !hasTokens && s.Strings == 1 && s.Tools+s.Media == 0 {
		x.alike.Learn(data, s.Lone, s.Answer == 0)
	}
	r.reasoningBytes += int64(s.Reasoning)
	if x.p.tools && s.Tools > 0 {
		x.keepTools()
	}
	switch {
	case s.Answer+s.Media > 0:
		return x.answers([]byte(s.Text), s.Bytes(), offset)
	case s.Any():
		return x.says(s.Bytes(), offset)
	}
	return true
}

// joined tells whether data is several events in one: each of its lines is one by itself.
func (x *exchange) joined(data []byte) bool {
	lines, rest, more := 0, data, true
	for more {
		var line []byte
		line, rest, more = bytes.Cut(rest, []byte{'\n'}) // all at once they would take more memory than the event
		lines++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		last := !more && x.flushing // that one may be cut off
		if !last && content.Text(line) != content.Text(x.p.paths.Done) && !content.IsJSON(line) {
			return false
		}
	}
	return lines > 1
}

// broken notes the first thing that makes the stream no such stream.
func (x *exchange) broken(format string, args ...any) {
	if x.malformed == "" {
		x.malformed = fmt.Sprintf(format, args...)
	}
}

// answers books an event with output that is not reasoning; `size` counts all that it brings.
func (x *exchange) answers(said []byte, size, offset int64) bool {
	if x.r.ttfo < 0 {
		x.r.ttfo = offset
	}
	if len(x.u.text)+len(said) <= shownLimit && x.mayKeep(len(x.u.text)+len(said)) {
		x.u.text = append(x.u.text, said...)
	}
	return x.says(size, offset)
}

// mostToolBytes bounds what is kept of a stream's tool calls. One that is longer is not kept whole, and so is none.
const mostToolBytes = 32 << 10

// keepTools keeps what an event brings of tool calls, as the paths find it: a JSON list of it.
func (x *exchange) keepTools() {
	r := x.r
	part := []byte{'['}
	x.u.found.Each(content.ToolCalls, func(v gjson.Result) bool {
		if len(part) > 1 {
			part = append(part, ',')
		}
		part = append(part, v.Raw...)
		return true
	})
	if r.toolBytes += len(part) + 1; r.toolBytes <= mostToolBytes {
		r.tools = append(r.tools, string(append(part, ']')))
	}
}

// mayKeep tells whether so much of the text may be kept. What may not is left out: no figure comes from it.
func (x *exchange) mayKeep(n int) bool {
	if int64(n) <= max(x.textRoom, free) {
		return true
	}
	const most = 2 * shownLimit // it is copied once
	if x.textRoom < most && x.pay(most) {
		x.textRoom = most
		return true
	}
	return x.textRoom == most
}

// says books a content-bearing event; false hangs up.
func (x *exchange) says(size, offset int64) bool {
	r := x.r
	r.saidBytes += size
	x.progress = x.c.At
	if r.ttft < 0 {
		r.ttft = offset
	}
	r.e2e = offset
	r.contentEvents++
	if !x.keepOffset(offset) {
		return false
	}
	if x.c.Reads != x.lastRead {
		x.lastRead = x.c.Reads
		r.reads++
	} else if x.c.Late > wire.LateRead {
		r.lateShared++
	}
	if x.p.cancelEvents != 0 && r.contentEvents >= x.p.cancelEvents {
		x.refused = outcome.Failed(outcome.Cancelled, "cancelled after %d content events, as asked", x.p.cancelEvents)
		return false
	}
	return true
}

// keepOffset keeps when an event came, for the gaps; false when there are too many.
func (x *exchange) keepOffset(offset int64) bool {
	r := x.r
	if r.offsets == nil {
		// as many as the last stream had, and one to spare: growing step by step costs more
		r.offsets = make([]int64, 0, x.u.events)
	}
	if x.bounds.contents > 0 && r.contentEvents > x.bounds.contents {
		x.refused = outcome.Failed(
			outcome.Malformed,
			"the stream has more than %d events with content, the limit that CONTENT_LIMIT sets: give CONTENT_LIMIT a "+
				"larger value if such answers are meant to be",
			x.bounds.contents,
		)
		return false
	}
	if n := cap(r.offsets); len(r.offsets) == n && n >= eventsExpected {
		const each = 16 // bytes: itself, and its gap at the end
		if !x.pay(2 * each * int64(n)) {
			x.refused = x.outOfMemory()
			return false
		}
		r.offsets = append(make([]int64, 0, 2*n), r.offsets...)
	}
	r.offsets = append(r.offsets, offset)
	return true
}
