package sse

import "bytes"

// The grammar of a stream (WHATWG HTML, section 9.2.5), which a parser must take in pieces split at any byte:
//
//	stream  = [ BOM ] *event
//	event   = *( comment / field ) end
//	comment = ":" *any-char end
//	field   = name [ ":" [ space ] *any-char ] end
//	end     = CR LF / LF / CR
//
// Of the fields `data`, `event`, `id` and `retry`, `data` may come several times: its lines are joined with LF. A block
// without data is no event by the standard; it is handed on all the same when it holds a comment, an id or a name, as
// xk6-sse's scripts expect. What the blank line has not ended when the stream ends is dropped, unless flush() asks for it.

// block is what stood between two blank lines. Its slices are valid until the next one.
type block struct {
	id, name, data, comment []byte
	hasData                 bool
}

// parser turns bytes into blocks. The zero value is ready.
type parser struct {
	current block
	line    []byte // a line whose end has not come yet
	any     bool   // current holds something
	started bool   // past the place where a BOM may stand
	afterCR bool   // an LF now belongs to the CR before it

	allowed int // bytes that the buffers may hold in all
	// room is asked for more than that: how much they may hold from now on. Less than `wanted` ends the parsing.
	room func(held, wanted int) int
}

var bom = []byte("\xef\xbb\xbf")

// feed parses p and calls emit for each block that p completes, while emit returns true. It tells whether it did to the
// end.
func (s *parser) feed(p []byte, emit func(*block) bool) bool {
	for len(p) > 0 {
		if s.afterCR {
			s.afterCR = false
			if p[0] == '\n' {
				p = p[1:]
				continue
			}
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			end = len(p)
		}
		if cr := bytes.IndexByte(p[:end], '\r'); cr >= 0 {
			end = cr
		}
		if !s.fits(end) {
			return false
		}
		if end == len(p) {
			s.line = s.put(s.line, p)
			return true
		}
		line := p[:end]
		if len(s.line) > 0 {
			s.line = s.put(s.line, line)
			line = s.line
		}
		s.afterCR = p[end] == '\r'
		p = p[end+1:]
		going := s.take(line, emit)
		s.line = s.line[:0]
		if !going {
			return false
		}
	}
	return true
}

// fits tells whether n bytes more may be held.
func (s *parser) fits(n int) bool {
	b := &s.current
	wanted := n + len(s.line) + len(b.data) + len(b.name) + len(b.id) + len(b.comment)
	if wanted > s.allowed && s.room != nil {
		s.allowed = s.room(s.allowed, wanted)
	}
	return wanted <= s.allowed || s.room == nil
}

// put appends. Large buffers grow to twice their size, where append's smaller steps would leave five times it behind.
func (s *parser) put(buffer, p []byte) []byte {
	if wanted := len(buffer) + len(p); wanted > cap(buffer) && wanted > free {
		buffer = append(make([]byte, 0, max(wanted, min(2*cap(buffer), s.allowed))), buffer...)
	}
	return append(buffer, p...)
}

// flush hands on what the end of the stream has left without its blank line.
func (s *parser) flush(emit func(*block) bool) {
	if len(s.line) > 0 {
		s.take(s.line, emit)
		s.line = s.line[:0]
	}
	s.dispatch(emit)
}

// take handles one whole line.
func (s *parser) take(line []byte, emit func(*block) bool) bool {
	if !s.started {
		s.started = true
		line = bytes.TrimPrefix(line, bom)
	}
	if len(line) == 0 {
		return s.dispatch(emit)
	}
	name, value, _ := bytes.Cut(line, []byte{':'})
	if len(value) > 0 && value[0] == ' ' {
		value = value[1:]
	}
	b := &s.current
	switch string(name) {
	case "data":
		if b.hasData {
			b.data = append(b.data, '\n')
		}
		b.data = s.put(b.data, value)
		b.hasData, s.any = true, true
	case "event":
		b.name, s.any = append(b.name[:0], value...), true
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			b.id, s.any = append(b.id[:0], value...), true
		}
	case "": // a comment
		b.comment, s.any = append(b.comment[:0], value...), true
	}
	return true
}

func (s *parser) dispatch(emit func(*block) bool) bool {
	if !s.any {
		return true
	}
	going := emit(&s.current)
	b := &s.current
	*b = block{id: b.id[:0], name: b.name[:0], data: b.data[:0], comment: b.comment[:0]}
	s.any = false
	return going
}

// reset makes the parser ready for another stream and keeps its buffers, but for those that have grown large.
func (s *parser) reset() {
	b := &s.current
	*s = parser{
		line: small(s.line), current: block{id: small(b.id), name: small(b.name), data: small(b.data), comment: small(b.comment)},
		allowed: free, room: s.room,
	}
}

// small is an empty buffer: this one, unless it has grown large.
func small(buffer []byte) []byte {
	if cap(buffer) > free {
		return nil
	}
	return buffer[:0]
}
