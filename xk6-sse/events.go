package sse

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tidwall/gjson"
)

// arrived notes n payload bytes of the last read.
func (x *exchange) arrived(n int) {
	x.last = x.c.stamp
	x.r.bytes += int64(n)
	if x.r.ttfb < 0 {
		x.r.ttfb = x.c.stamp - x.sent
	}
	if due := x.last + x.p.idle; x.p.idle > 0 && due < x.armed {
		x.arm(due)
	}
}

// readEvents reads the stream, driven by the poller when `driver` is not nil. An event has the stamp of the read that
// brought its last byte.
func (x *exchange) readEvents(read func() ([]byte, error), driver *socket) error {
	var failure error
	step := func() bool {
		for {
			p, err := read()
			switch {
			case err == nil:
			case errors.Is(err, errNothing):
				return true
			case errors.Is(err, io.EOF):
				return false
			default:
				failure = err
				return false
			}
			x.arrived(len(p))
			if !x.u.parser.feed(p, x.event) {
				failure = failed("cancelled", "cancelled after %d content events, as asked", x.p.cancelEvents)
				return false
			}
		}
	}
	if driver == nil {
		step()
	} else {
		driver.drive(step)
	}
	return failure
}

// event looks at one event; false hangs up.
func (x *exchange) event(b *block) bool {
	if !b.hasData {
		return true
	}
	r, data := x.r, b.data
	offset := x.c.stamp - x.sent
	r.events++
	if r.firstChunk < 0 {
		r.firstChunk = offset
	}
	if content, ok := x.alike.content(data); ok {
		return x.content(content, offset)
	}
	if len(x.p.paths.done) > 0 && text(data) == text(x.p.paths.done) {
		r.done = true
		return true
	}
	if !gjson.ValidBytes(data) {
		if x.malformed == "" {
			x.malformed = fmt.Sprintf("an event is not JSON: %q", clip(string(data[:min(len(data), 200)])))
		}
		return true
	}
	failure, isFailure := first(data, x.p.paths.failure)
	if isFailure && x.streamErr == "" {
		x.streamErr = clip(failure.String())
	}
	content, isContent := first(data, x.p.paths.content)
	counted := isContent
	if !counted {
		if _, counted = first(data, x.p.paths.reasoning); !counted {
			_, counted = first(data, x.p.paths.toolCalls)
		}
	}
	finish, isFinish := first(data, x.p.paths.finish)
	if isFinish {
		r.finish = strings.Clone(finish.String())
	}
	hasTokens := x.tokens(data)
	switch {
	case isContent:
		if !isFailure && !isFinish && !hasTokens {
			x.alike.learn(data, content)
		}
		return x.content([]byte(content.String()), offset)
	case counted:
		return x.counts(offset)
	}
	return true
}

// content books an event with content that is not reasoning.
func (x *exchange) content(content []byte, offset int64) bool {
	if x.r.ttfo < 0 {
		x.r.ttfo = offset
	}
	if len(x.u.text)+len(content) <= shownLimit {
		x.u.text = append(x.u.text, content...)
	}
	return x.counts(offset)
}

// counts books a content-bearing event; false hangs up.
func (x *exchange) counts(offset int64) bool {
	r := x.r
	if r.ttft < 0 {
		r.ttft = offset
	}
	r.e2e = offset
	r.contentEvents++
	if r.offsets == nil {
		// as many as the last stream had, and one to spare: growing step by step costs more
		r.offsets = make([]int64, 0, x.u.events)
	}
	r.offsets = append(r.offsets, offset)
	if x.c.reads != x.lastRead {
		x.lastRead = x.c.reads
		r.reads++
	} else if x.c.late > lateRead {
		r.lateShared++
	}
	return x.p.cancelEvents == 0 || r.contentEvents < x.p.cancelEvents
}

// tokens reads the usage; it tells whether there is any.
func (x *exchange) tokens(data []byte) (some bool) {
	if n, ok := first(data, x.p.paths.promptTokens); ok && n.Type == gjson.Number {
		x.r.promptTokens, some = n.Float(), true
	}
	if n, ok := first(data, x.p.paths.completionTokens); ok && n.Type == gjson.Number {
		x.r.completionTokens, some = n.Float(), true
	}
	return some
}
