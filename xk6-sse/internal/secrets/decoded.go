package secrets

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// view is a text whose escapes were undone. at[i] is where byte i began in the text that was given, and the last one
// where that ends; nil: nothing was undone yet.
type view struct {
	bytes []byte
	at    []int32
}

// decoded undoes the escapes of URLs (%2B), of JSON and programs (\u002b, \/, \x2b) and of HTML (&#43;, &amp;), once.
func (v view) decoded() (next view, changed bool) {
	if !strings.ContainsAny(string(v.bytes), `%\&`) {
		return v, false
	}
	next = view{bytes: make([]byte, 0, len(v.bytes)), at: make([]int32, 0, len(v.bytes)+1)}
	for i := 0; i < len(v.bytes); {
		r, size := unescaped(v.bytes[i:])
		changed = changed || size > 0
		if size == 0 {
			next.bytes, next.at = append(next.bytes, v.bytes[i]), append(next.at, v.place(i))
			i++
			continue
		}
		before := len(next.bytes)
		if r < utf8.RuneSelf {
			next.bytes = append(next.bytes, byte(r))
		} else {
			next.bytes = utf8.AppendRune(next.bytes, r)
		}
		for range len(next.bytes) - before {
			next.at = append(next.at, v.place(i))
		}
		i += size
	}
	next.at = append(next.at, v.place(len(v.bytes)))
	return next, changed
}

// joined leaves out what stands between the letters of a text that was broken into lines, or written in 16 bits a
// character: blanks, control characters, and the question marks that stand for those where they have been replaced.
func (v view) joined() (next view, changed bool) {
	next = view{bytes: make([]byte, 0, len(v.bytes)), at: make([]int32, 0, len(v.bytes)+1)}
	for i, c := range v.bytes {
		if separates(c) {
			changed = true
			continue
		}
		next.bytes, next.at = append(next.bytes, c), append(next.at, v.place(i))
	}
	next.at = append(next.at, v.place(len(v.bytes)))
	return next, changed
}

func separates(c byte) bool { return c <= ' ' || c == '?' || c == 0x7f }

func (v view) place(i int) int32 {
	if v.at == nil {
		return int32(i)
	}
	return v.at[i]
}

var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "sol": '/', "plus": '+', "equals": '='}

// unescaped reads the escape at the beginning of p; size 0: there is none.
func unescaped(p []byte) (r rune, size int) {
	number := func(digits string, base, size int) (rune, int) {
		n, err := strconv.ParseUint(digits, base, 31)
		if err != nil || n > utf8.MaxRune {
			return 0, 0
		}
		return rune(n), size
	}
	switch {
	case len(p) >= 3 && p[0] == '%':
		return number(string(p[1:3]), 16, 3)
	case len(p) >= 6 && p[0] == '\\' && (p[1] == 'u' || p[1] == 'U'):
		return number(string(p[2:6]), 16, 6)
	case len(p) >= 4 && p[0] == '\\' && p[1] == 'x':
		return number(string(p[2:4]), 16, 4)
	case len(p) >= 2 && p[0] == '\\' && strings.IndexByte(`\/"'`, p[1]) >= 0:
		return rune(p[1]), 2
	case len(p) >= 4 && p[0] == '&':
		name, _, closed := strings.Cut(string(p[1:min(len(p), 12)]), ";")
		switch {
		case !closed:
		case strings.HasPrefix(name, "#x") || strings.HasPrefix(name, "#X"):
			return number(name[2:], 16, len(name)+2)
		case strings.HasPrefix(name, "#"):
			return number(name[1:], 10, len(name)+2)
		case entities[name] != 0:
			return entities[name], len(name) + 2
		}
	}
	return 0, 0
}
