package wire

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
// xk6-sse's scripts expect. What the blank line has not ended when the stream ends is dropped, unless Flush asks for
// it.

// Block is what stood between two blank lines. Its slices are valid until the next one.
type Block struct {
	ID, Name, Data, Comment []byte
	HasData                 bool
}

// Parser turns bytes into blocks. The zero value is ready.
type Parser struct {
	current Block
	line    []byte // a line whose end has not come yet
	any     bool   // current holds something
	started bool   // past the place where a BOM may stand
	afterCR bool   // an LF now belongs to the CR before it

	allowed int // bytes that the buffers may hold in all
	// Room is asked for more than that: how much they may hold from now on. Less than `wanted` ends the parsing.
	// Without it there is no bound.
	Room func(held, wanted int) int
}

// BOM is the byte order mark that a stream may begin with.
var BOM = []byte("\xef\xbb\xbf")

// Feed parses p and calls emit for each block that p completes, while emit returns true. It tells whether it did to the
// end.
func (s *Parser) Feed(p []byte, emit func(*Block) bool) bool {
	for len(p) > 0 {
		if value, size := s.whole(p); size > 0 {
			p = p[size:]
			if !s.lend(value, emit) {
				return false
			}
			continue
		}
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

// whole looks whether p begins with a block of one line of data, which nearly all events are: its value, and how long it
// is. A size of 0 says that it does not, or that it is not known.
func (s *Parser) whole(p []byte) (value []byte, size int) {
	const field = "data:"
	if s.any || len(s.line) > 0 || s.afterCR || !s.started || len(p) < len(field) || string(p[:len(field)]) != field {
		return nil, 0
	}
	end := bytes.IndexByte(p, '\n')
	if end < 0 || end+1 >= len(p) || p[end+1] != '\n' || !s.fits(end) || bytes.IndexByte(p[:end], '\r') >= 0 {
		return nil, 0
	}
	if value = p[len(field):end]; len(value) > 0 && value[0] == ' ' {
		value = value[1:]
	}
	return value, end + 2
}

// lend hands on a block whose data stay where they are: in memory that the read has just warmed.
func (s *Parser) lend(value []byte, emit func(*Block) bool) bool {
	b := &s.current
	own := b.Data
	b.Data, b.HasData = value, true
	going := emit(b)
	b.Data, b.HasData = own, false
	return going
}

// fits tells whether n bytes more may be held.
func (s *Parser) fits(n int) bool {
	b := &s.current
	wanted := n + len(s.line) + len(b.Data) + len(b.Name) + len(b.ID) + len(b.Comment)
	if wanted > s.allowed && s.Room != nil {
		s.allowed = s.Room(s.allowed, wanted)
	}
	return wanted <= s.allowed || s.Room == nil
}

// put appends. Large buffers grow to twice their size, where append's smaller steps would leave five times it behind.
func (s *Parser) put(buffer, p []byte) []byte {
	if wanted := len(buffer) + len(p); wanted > cap(buffer) && wanted > SmallBuffer {
		buffer = append(make([]byte, 0, max(wanted, min(2*cap(buffer), s.allowed))), buffer...)
	}
	return append(buffer, p...)
}

// Flush hands on what the end of the stream has left without its blank line.
func (s *Parser) Flush(emit func(*Block) bool) {
	if len(s.line) > 0 {
		s.take(s.line, emit)
		s.line = s.line[:0]
	}
	s.dispatch(emit)
}

// take handles one whole line.
func (s *Parser) take(line []byte, emit func(*Block) bool) bool {
	if !s.started {
		s.started = true
		line = bytes.TrimPrefix(line, BOM)
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
		if b.HasData {
			b.Data = append(b.Data, '\n')
		}
		s.data(value)
		b.HasData, s.any = true, true
	case "event":
		b.Name, s.any = append(b.Name[:0], value...), true
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			b.ID, s.any = append(b.ID[:0], value...), true
		}
	case "": // a comment
		b.Comment, s.any = append(b.Comment[:0], value...), true
	}
	return true
}

// data adds a line to the event's data. The buffer of a large first line becomes the data's, and is not copied: both
// would be held, and only what is in one of them is counted.
func (s *Parser) data(value []byte) {
	b := &s.current
	if len(b.Data) == 0 && len(value) > SmallBuffer && len(s.line) >= len(value) {
		n := copy(s.line, value)
		b.Data, s.line = s.line[:n], b.Data[:0]
		return
	}
	b.Data = s.put(b.Data, value)
}

func (s *Parser) dispatch(emit func(*Block) bool) bool {
	if !s.any {
		return true
	}
	going := emit(&s.current)
	b := &s.current
	*b = Block{ID: b.ID[:0], Name: b.Name[:0], Data: b.Data[:0], Comment: b.Comment[:0]}
	if cap(b.Data) > SmallBuffer && cap(b.Data) > cap(s.line) { // the next event's line comes into it
		b.Data, s.line = s.line[:0], b.Data
	}
	s.any = false
	return going
}

// Reset makes the parser ready for another stream and keeps its buffers, but for those that have grown large.
func (s *Parser) Reset() {
	b := &s.current
	*s = Parser{
		line: Emptied(
			s.line,
		), current: Block{ID: Emptied(b.ID), Name: Emptied(b.Name), Data: Emptied(b.Data), Comment: Emptied(b.Comment)},
		allowed: SmallBuffer, Room: s.Room,
	}
}

// SmallBuffer is how large a buffer may be that is kept from request to request.
const SmallBuffer = 64 << 10

// Emptied is an empty buffer: this one, unless it has grown large.
func Emptied(buffer []byte) []byte {
	if cap(buffer) > SmallBuffer {
		return nil
	}
	return buffer[:0]
}
