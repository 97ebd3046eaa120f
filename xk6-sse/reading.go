package sse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// arrived notes the payload bytes of the last read.
func (x *exchange) arrived(p []byte) {
	x.last = x.c.At
	x.r.bytes += int64(len(p))
	if x.r.ttfb < 0 {
		x.r.ttfb = x.c.At - x.sent
	}
	if len(x.u.opening) < openingSize {
		x.u.opening = append(x.u.opening, p[:min(len(p), openingSize-len(x.u.opening))]...)
	}
	if due := x.last + x.p.idle; x.p.idle > 0 && due < x.armed {
		x.arm(due)
	}
}

// openingSize is how much is kept of what an answer began with, to name what came.
const openingSize = 200

func (x *exchange) opening() string { return clip(string(x.u.opening)) }

// over notes that the answer is over for who reads it, though the response may not be: it may stay open for a little.
func (x *exchange) over() {
	if x.overAt != 0 {
		return
	}
	x.overAt = x.c.At
	if due := x.overAt + int64(grace); due < x.armed {
		x.arm(due)
	}
}

// payload is what an answer brings, piece by piece: a wire.Body, or what a decoder makes of one.
type payload interface{ Next() ([]byte, error) }

// source is where the payload of an answer comes from.
type source struct {
	payload
	driver *wire.Conn // calls for the next piece when it has come; nil where reads wait
}

func (s source) drive(step func() bool) {
	if s.driver == nil {
		step()
		return
	}
	s.driver.Drive(step)
}

// readAll reads the answer to its end and hands each piece to take. A fault of ours ends the request, also in the
// goroutine of a poller that drives it.
func (x *exchange) readAll(from source, take func([]byte) bool) (failure error) {
	step := func() (goesOn bool) {
		defer x.faults.Guard("reading an answer", func(sentence string) {
			failure, goesOn = outcome.Failed(outcome.Malformed, "%s", sentence), false
		})
		for {
			p, err := from.Next()
			switch {
			case err == nil:
			case errors.Is(err, wire.ErrNothing):
				return true
			case errors.Is(err, io.EOF):
				return false
			default:
				failure = err
				return false
			}
			x.arrived(p)
			if !take(p) {
				failure = x.refused
				return false
			}
		}
	}
	from.drive(step)
	return failure
}

// readGood reads an answer with a good status to a request for a stream. What it is is told by how it begins: a good
// stream may come under a wrong type or none.
func (x *exchange) readGood(from source, declared bool) error {
	x.reading = kindUnknown
	var begin []byte
	err := x.readAll(from, func(p []byte) bool {
		if x.reading == kindUnknown {
			begin = append(begin, p...)
			if x.reading = kindOf(begin[:min(len(begin), mostBlank)], declared); x.reading == kindUnknown {
				if len(begin) < mostBlank {
					return true
				}
				if x.reading = kindDocument; declared {
					x.reading = kindEvents
				}
			}
			p, begin = begin, nil
		}
		if x.reading == kindDocument {
			return x.keep(p, x.bounds.document, "the document", "DOCUMENT_LIMIT")
		}
		return x.feed(p)
	})
	if x.reading == kindEvents && err == nil {
		x.flush()
		if !declared {
			x.r.remark(ledger.RemarkType, fmt.Sprintf("%q", clip(x.r.head.Get("Content-Type"))))
		}
	}
	return err
}

// kind is what a body is.
type kind int

const (
	kindUnknown kind = iota
	kindEvents
	kindDocument
)

// mostBlank is after how many bytes that are blank an answer is what its type says: blank lines for ever, which both
// bounds are for, were all kept, and looked at again with each read.
const mostBlank = 4 << 10

// kindOf tells by a body's first bytes what it is; `declared` as an event stream it is one unless it begins as a
// document.
func kindOf(begin []byte, declared bool) kind {
	begin = bytes.TrimLeft(bytes.TrimPrefix(begin, wire.BOM), " \t\r\n")
	if len(begin) == 0 || begin[0] == wire.BOM[0] && len(begin) < len(wire.BOM) {
		return kindUnknown
	}
	if declared {
		if begin[0] == '{' || begin[0] == '[' || begin[0] == '<' {
			return kindDocument
		}
		return kindEvents
	}
	if begin[0] == ':' {
		return kindEvents
	}
	for _, field := range []string{"data:", "event:", "id:", "retry:"} {
		if bytes.HasPrefix(begin, []byte(field)) {
			return kindEvents
		}
		if len(begin) < len(field) && string(begin) == field[:len(begin)] {
			return kindUnknown
		}
	}
	return kindDocument
}

// feed parses a piece of a stream; false ends it.
func (x *exchange) feed(p []byte) bool {
	if x.u.parser.Feed(p, x.event) {
		return true
	}
	if x.refused == nil { // the parser had no room
		x.refused = x.noRoom
	}
	return false
}

// flush takes the event that the stream's end left without its blank line: clients in the field take it so.
func (x *exchange) flush() {
	x.flushing = true
	x.u.parser.Flush(x.event)
	if x.unterminated {
		x.r.remark(ledger.RemarkBlankLine, "")
	}
}

// parserRoom is the parser's leave to hold more of one event.
func (x *exchange) parserRoom(held, wanted int) int {
	most := x.bounds.event
	next, err := x.room(int64(held), int64(wanted), most, beyond("an event, or a line,", mib(most), "EVENT_LIMIT"))
	if err != nil {
		x.noRoom = err
	}
	return int(next)
}

// slim lets go of what only judging needed: of a large document what `body` shows is left.
func (r *Record) slim() {
	if r.purse.held == 0 {
		return // all of it is small
	}
	if cap(r.document) > free {
		r.document = append([]byte(nil), r.document[:min(len(r.document), shownLimit)]...)
	}
	r.purse.back(r.purse.held)
	r.purse.take(int64(cap(r.document)+len(r.text))+16*int64(cap(r.offsets)), math.MaxInt64)
}

// keep appends a piece of a document; false when it is larger than may be.
func (x *exchange) keep(p []byte, limit int64, what, parameter string) bool {
	r := x.r
	r.e2e = x.c.At - x.sent
	wanted := int64(len(r.document) + len(p))
	if wanted > x.documentRoom {
		next, err := x.room(x.documentRoom, wanted, limit, beyond(what, mib(limit), parameter))
		if err != nil {
			x.refused = err
			return false
		}
		x.documentRoom = next
		if int64(cap(r.document)) < next && next > free {
			r.document = append(make([]byte, 0, next), r.document...)
		}
	}
	r.document = append(r.document, p...)
	return true
}
