package content

import (
	"encoding/binary"
	"math/bits"

	"github.com/tidwall/gjson"
)

// One pass over a text does what took a validator, a look at its depth, and a search for each of some sixty paths: the
// scanner below reads JSON (RFC 8259, as gjson's validator does, which a fuzzer holds it against) and knows at each value
// whether a path leads there. Most values are none that is wanted; they are stepped over.

// Shape is what a text is.
type Shape int

// Broken is no JSON. TooDeep is nested deeper than Deepest, whatever follows.
const (
	JSON Shape = iota
	Broken
	TooDeep
)

// Deepest is how deep the JSON of an answer may be nested: those who read it recurse, and a stack that overflows ends the
// process.
const Deepest = 1000

// IsJSON tells whether data is JSON that is not nested too deep.
func IsJSON(data []byte) bool {
	var f Found
	return f.Scan(&nothing, data) == JSON
}

// Nested tells whether data is nested too deep, whole or cut off.
func Nested(data []byte) bool {
	var f Found
	return len(data) > Deepest && f.Scan(&nothing, data) == TooDeep
}

// nothing is what is looked for where nothing is.
var nothing Paths

type scanner struct {
	data    []byte
	found   *Found
	depth   int
	tooDeep bool
}

// broken is where a scan ends that cannot go on.
const broken = -1

// document reads the whole text.
func (s *scanner) document(root *node) Shape {
	i := s.value(s.blank(0), root)
	switch {
	case s.tooDeep:
		return TooDeep
	case i == broken || s.blank(i) != len(s.data):
		return Broken
	}
	return JSON
}

// blank steps over white space.
func (s *scanner) blank(i int) int {
	for i < len(s.data) && s.data[i] <= ' ' && isBlank(s.data[i]) {
		i++
	}
	return i
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// value reads the value at i, which may be nil's: wanted by nobody. It returns where it ends.
func (s *scanner) value(i int, n *node) int {
	if i >= len(s.data) {
		return broken
	}
	switch c := s.data[i]; c {
	case '{':
		return s.object(i+1, n)
	case '[':
		return s.array(i+1, n)
	case '"':
		end, _ := s.text(i + 1)
		return end
	case 't':
		return s.literal(i, "true")
	case 'f':
		return s.literal(i, "false")
	case 'n':
		return s.literal(i, "null")
	default:
		return s.number(i)
	}
}

func (s *scanner) literal(i int, word string) int {
	if end := i + len(word); end <= len(s.data) && Text(s.data[i:end]) == word {
		return end
	}
	return broken
}

// enter goes one level deeper.
func (s *scanner) enter() bool {
	s.depth++
	s.tooDeep = s.tooDeep || s.depth > Deepest
	return !s.tooDeep
}

func (s *scanner) object(i int, n *node) int {
	if !s.enter() {
		return broken
	}
	if i = s.blank(i); i < len(s.data) && s.data[i] == '}' {
		s.depth--
		return i + 1
	}
	for i < len(s.data) && s.data[i] == '"' {
		end, escaped := s.text(i + 1)
		if end == broken {
			return broken
		}
		var child *node
		if n != nil {
			child = n.named(s.data[i:end], escaped)
		}
		if i = s.blank(end); i >= len(s.data) || s.data[i] != ':' {
			return broken
		}
		from := s.blank(i + 1)
		if i = s.value(from, child); i == broken {
			return broken
		}
		if child != nil {
			s.found.reached(child, from, i)
		}
		if i = s.blank(i); i >= len(s.data) {
			return broken
		}
		switch s.data[i] {
		case ',':
			i = s.blank(i + 1)
		case '}':
			s.depth--
			return i + 1
		default:
			return broken
		}
	}
	return broken
}

// named is the child of the name that stands there in quotes.
func (n *node) named(quoted []byte, escaped bool) *node {
	if escaped {
		return n.member([]byte(gjson.Parse(Text(quoted)).Str))
	}
	return n.member(quoted[1 : len(quoted)-1])
}

func (s *scanner) array(i int, n *node) int {
	if !s.enter() {
		return broken
	}
	elements := 0
	if i = s.blank(i); i < len(s.data) && s.data[i] == ']' {
		return s.leave(n, elements, i+1)
	}
	for {
		var child *node
		if n != nil && n.indexed {
			child = n.element(elements)
		}
		from := i
		if i = s.value(i, child); i == broken {
			return broken
		}
		if child != nil {
			s.found.reached(child, from, i)
		}
		elements++
		if i = s.blank(i); i >= len(s.data) {
			return broken
		}
		switch s.data[i] {
		case ',':
			i = s.blank(i + 1)
		case ']':
			return s.leave(n, elements, i+1)
		default:
			return broken
		}
	}
}

// leave ends an array.
func (s *scanner) leave(n *node, elements, end int) int {
	s.depth--
	if n != nil && n.counted && s.found.elements < 0 {
		s.found.elements = elements
	}
	return end
}

// text reads a string whose quote stands before i, and returns where it ends, after its second quote.
func (s *scanner) text(i int) (end int, escaped bool) {
	for {
		if i = s.ordinary(i); i >= len(s.data) {
			return broken, false
		}
		switch c := s.data[i]; {
		case c == '"':
			return i + 1, escaped
		case c != '\\' || i+1 >= len(s.data):
			return broken, false
		}
		escaped = true
		switch s.data[i+1] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			i += 2
		case 'u':
			s.found.escaped = true
			if i += 6; i > len(s.data) || !areHex(s.data[i-4:i]) {
				return broken, false
			}
		default:
			return broken, false
		}
	}
}

func areHex(digits []byte) bool {
	for _, c := range digits {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// ordinary steps over the characters of a string that mean themselves, eight at a time (Mycroft's test for a zero byte:
// its lowest mark is exact).
func (s *scanner) ordinary(i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i+8 <= len(s.data) {
		x := binary.LittleEndian.Uint64(s.data[i:])
		quote, slash := x^(ones*'"'), x^(ones*'\\')
		marks := ((quote - ones) & ^quote) | ((slash - ones) & ^slash) | ((x - ones*' ') & ^x)
		if marks &= tops; marks != 0 {
			return i + bits.TrailingZeros64(marks)/8
		}
		i += 8
	}
	for i < len(s.data) && s.data[i] >= ' ' && s.data[i] != '"' && s.data[i] != '\\' {
		i++
	}
	return i
}

func (s *scanner) number(i int) int {
	if s.data[i] == '-' {
		i++
	}
	from := i
	if i = s.digits(i); i == from || (s.data[from] == '0' && i > from+1) {
		return broken
	}
	if i < len(s.data) && s.data[i] == '.' {
		from = i + 1
		if i = s.digits(from); i == from {
			return broken
		}
	}
	if i < len(s.data) && s.data[i]|0x20 == 'e' {
		if i++; i < len(s.data) && (s.data[i] == '+' || s.data[i] == '-') {
			i++
		}
		from = i
		if i = s.digits(i); i == from {
			return broken
		}
	}
	return i
}

func (s *scanner) digits(i int) int {
	for i < len(s.data) && s.data[i]-'0' <= 9 {
		i++
	}
	return i
}
