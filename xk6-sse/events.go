package sse

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// event looks at one event; false hangs up, or ends the request for what x.refused says.
func (x *exchange) event(b *block) bool {
	if len(b.name) > 0 && namesAnError(b.name) {
		return x.errorEvent(b.data)
	}
	data := b.data
	if !b.hasData {
		return true
	}
	r := x.r
	offset := x.c.stamp - x.sent
	if said, ok := x.alike.text(data); ok {
		x.counted(offset)
		if x.alike.thinking {
			r.reasoningBytes += int64(len(said))
			return x.says(int64(len(said)), offset)
		}
		return x.answers(said, int64(len(said)), offset)
	}
	if data = bytes.TrimSpace(data); len(data) == 0 { // a keep-alive, and no event
		return true
	}
	x.counted(offset)
	switch {
	case len(x.p.paths.done) > 0 && text(data) == text(x.p.paths.done):
		if !r.done {
			r.done = true
			x.over()
		}
		return true
	case tooDeep(data):
		x.broken("an event is nested deeper than %d levels", deepest)
		return true
	case gjson.ValidBytes(data):
		return x.whole(data, offset)
	case isKeepAlive(b.name):
		return true
	case x.joined(data):
		x.broken("the events are not separated by blank lines, so no client can tell them apart; they begin with %q", clip(string(data[:min(len(data), 200)])))
	case x.flushing: // the stream ended within it
		x.unterminated = false
		x.r.remark(remarkCutOff, clip(string(data[:min(len(data), 100)])))
	default:
		x.broken("an event is not JSON: %q", clip(string(data[:min(len(data), 200)])))
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

// whole looks at an event that is JSON.
func (x *exchange) whole(data []byte, offset int64) bool {
	r := x.r
	failure, isFailure := x.failureIn(data)
	if isFailure {
		x.failed(failure)
	}
	s := x.p.paths.listen(data)
	finish, isFinish := x.finishIn(data)
	if isFinish {
		r.finish = strings.Clone(finish)
		x.progress = x.c.stamp
		x.badFinish()
	}
	if hasTokens := x.tokens(data); !isFailure && !isFinish && !hasTokens && s.strings == 1 && s.tools+s.media == 0 {
		x.alike.learn(data, s.lone, s.answer == 0)
	}
	r.reasoningBytes += int64(s.reasoning)
	switch {
	case s.answer+s.media > 0:
		return x.answers([]byte(s.text), s.bytes(), offset)
	case s.any():
		return x.says(s.bytes(), offset)
	}
	return true
}

// failureIn is what an event or a document says of a failure. `"error": false` says that there is none.
func (x *exchange) failureIn(data []byte) (says string, is bool) {
	k := keysOf(data)
	each(data, &k, x.p.paths.failure, func(r gjson.Result) bool {
		if is = means(r); is {
			says = clip(r.String())
		}
		return !is
	})
	return says, is
}

func (x *exchange) finishIn(data []byte) (reason string, is bool) {
	k := keysOf(data)
	each(data, &k, x.p.paths.finish, func(r gjson.Result) bool {
		is = r.Type == gjson.String
		reason = r.Str
		return !is
	})
	return reason, is
}

// badFinish: some reasons say that the provider failed, and come without an error.
func (x *exchange) badFinish() {
	reason := strings.ToLower(x.r.finish)
	for _, word := range x.p.paths.failedFinish {
		if strings.Contains(reason, word) {
			x.failed(fmt.Sprintf("the finish reason is %q: the provider failed", clip(x.r.finish)))
			return
		}
	}
}

// failed notes the first failure that the stream itself tells. Who reads it hangs up then.
func (x *exchange) failed(says string) {
	if x.streamErr == "" {
		x.streamErr = says
		x.over()
	}
}

// errorEvent is `event: error`, before a finish reason or after it.
func (x *exchange) errorEvent(data []byte) bool {
	data = bytes.TrimSpace(data)
	x.counted(x.c.stamp - x.sent)
	says := "an error event without data"
	if len(data) > 0 {
		says = clip(string(data[:min(len(data), 1000)]))
		if !tooDeep(data) && gjson.ValidBytes(data) {
			if told, is := x.failureIn(data); is {
				says = told
			}
		}
	}
	x.failed(says)
	return true
}

// namesAnError: `event: error` and its like, as `response.failed` and `internalServerException`.
func namesAnError(name []byte) bool {
	lower := strings.ToLower(string(name))
	return strings.Contains(lower, "error") || strings.HasSuffix(lower, "exception") || strings.HasSuffix(lower, "failed")
}

func isKeepAlive(name []byte) bool {
	switch strings.ToLower(string(name)) {
	case "ping", "keepalive", "keep-alive", "keep_alive", "heartbeat":
		return true
	}
	return false
}

// joined tells whether data is several events in one: each of its lines is one by itself.
func (x *exchange) joined(data []byte) bool {
	lines := bytes.Split(data, []byte{'\n'})
	for i, line := range lines {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		last := i == len(lines)-1 && x.flushing // that one may be cut off
		if !last && text(line) != text(x.p.paths.done) && !gjson.ValidBytes(line) {
			return false
		}
	}
	return len(lines) > 1
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
	x.progress = x.c.stamp
	if r.ttft < 0 {
		r.ttft = offset
	}
	r.e2e = offset
	r.contentEvents++
	if !x.keepOffset(offset) {
		return false
	}
	if x.c.reads != x.lastRead {
		x.lastRead = x.c.reads
		r.reads++
	} else if x.c.late > lateRead {
		r.lateShared++
	}
	if x.p.cancelEvents != 0 && r.contentEvents >= x.p.cancelEvents {
		x.refused = failed("cancelled", "cancelled after %d content events, as asked", x.p.cancelEvents)
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
	if x.contents > 0 && r.contentEvents > x.contents {
		x.refused = failed("malformed", "the stream has more than %d events with content, the limit that CONTENT_LIMIT sets: give CONTENT_LIMIT a "+
			"larger value if such answers are meant to be", x.contents)
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
