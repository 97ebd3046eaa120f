// Package printable makes text from outside fit to be shown and kept: one line, without what a terminal or a page obeys.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is text as one line. What a terminal obeys (control characters, so all ANSI sequences), what turns the direction
// of writing (bidi overrides) and what nobody sees (other format characters) is replaced by a question mark; line breaks
// and tabs become spaces, of which there is never more than one in a row.
func Line(text string) string {
	if isPlain(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	space := true // none at the beginning
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case unicode.IsSpace(r):
			if space {
				continue
			}
			r = ' '
		case !visible(r, size):
			r = '?'
		}
		space = r == ' '
		out.WriteRune(r)
	}
	return strings.TrimRight(out.String(), " ")
}

// Lines does the same with each line of a text and keeps the line breaks and tabs.
func Lines(text string) string {
	if isPlainLines(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' || visible(r, 0) {
			return r
		}
		return '?'
	}, strings.ToValidUTF8(text, "?"))
}

// isPlain tells cheaply of most texts that there is nothing to replace.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || i == len(text)-1 || text[i+1] == ' ') {
			return false
		}
	}
	return true
}

func isPlainLines(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// visible tells that a character may be shown as it is. The joiners of scripts and of emoji are format characters that
// only change how their neighbours look.
func visible(r rune, size int) bool {
	if r >= ' ' && r < 0x7f {
		return true
	}
	switch r {
	case utf8.RuneError:
		return size != 1
	case '\u200c', '\u200d':
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// Cut is text of at most so many bytes, with three dots where something was left out.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..."
}
