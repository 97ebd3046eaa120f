package content

import "bytes"

// Deepest is how deep the JSON of an answer may be nested: the JSON libraries recurse, and a stack that overflows ends
// the process.
const Deepest = 1000

// TooDeep tells whether data is nested deeper than that.
func TooDeep(data []byte) bool {
	if len(data) <= Deepest || bytes.Count(data, []byte{'['})+bytes.Count(data, []byte{'{'}) <= Deepest {
		return false
	}
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[', c == '{':
			if depth++; depth > Deepest {
				return true
			}
		case c == ']', c == '}':
			depth--
		}
	}
	return false
}
