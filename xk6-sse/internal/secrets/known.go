package secrets

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

const (
	gram     = 8 // bytes of a secret that are enough to be one: a part of it is hidden too
	shortest = 3 // bytes: shorter ones are no secrets, and stand in any text
	word     = 6 // bytes: shorter ones are hidden where they stand as a word of their own
)

// encodedAtMost is up to how many secrets are also looked for in their encodings.
const encodedAtMost = 1000

// index finds known secrets: by all their parts of eight bytes, in lower case.
type index struct {
	grams  []uint64             // sorted
	filter [1 << 16 / 64]uint64 // a bit for each hash of a gram
	shorts []string             // those with fewer bytes
}

func newIndex(values map[string]bool) *index {
	x := &index{}
	encoded := len(values) <= encodedAtMost
	for value := range values {
		forms := []string{value}
		if encoded {
			forms = append(forms, encodings(value)...)
		}
		for _, form := range forms {
			x.add(strings.ToLower(form))
		}
	}
	slices.Sort(x.grams)
	x.grams = slices.Compact(x.grams)
	slices.SortFunc(x.shorts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	for _, g := range x.grams {
		bit := hash(g)
		x.filter[bit/64] |= 1 << (bit % 64)
	}
	return x
}

func (x *index) add(form string) {
	if len(form) < gram {
		if !slices.Contains(x.shorts, form) {
			x.shorts = append(x.shorts, form)
		}
		return
	}
	var g uint64
	for i := range len(form) {
		g = g<<8 | uint64(form[i])
		if i >= gram-1 {
			x.grams = append(x.grams, g)
		}
	}
}

// encodings are the forms of a secret that a decoder of text (see decoded) does not see: base64, where what stands
// before it shifts it by up to two bytes, and hexadecimal.
func encodings(value string) (forms []string) {
	for shift := range 3 {
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := alphabet.EncodeToString([]byte(strings.Repeat("\x00", shift) + value))
			// The characters at the edges hold bits of the neighbours.
			form = form[(shift*8+5)/6 : (shift+len(value))*8/6]
			if len(form) >= word {
				forms = append(forms, form)
			}
		}
	}
	// Where only letters and digits may stand: names of hosts and of headers.
	if bare := notAlnum.ReplaceAllString(value, ""); bare != value && len(bare) >= gram {
		forms = append(forms, bare)
	}
	return append(forms, hex.EncodeToString([]byte(value)))
}

var notAlnum = regexp.MustCompile(`[^A-Za-z0-9]`)

func fromBase64(text string) string {
	for _, alphabet := range []*base64.Encoding{
		base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding,
	} {
		if raw, err := alphabet.DecodeString(strings.TrimSpace(text)); err == nil {
			return string(raw)
		}
	}
	return ""
}

func hash(g uint64) uint64 { return g * 0x9e3779b97f4a7c15 >> 48 }

func (x *index) has(g uint64) bool {
	bit := hash(g)
	if x.filter[bit/64]&(1<<(bit%64)) == 0 {
		return false
	}
	_, found := slices.BinarySearch(x.grams, g)
	return found
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// hide replaces what is known in text.
func (x *index) hide(text string) string {
	spans := x.find(text, nil, nil)
	view := view{bytes: []byte(text)}
	const rounds = 3 // an error that quotes an error that quotes an address
	for range rounds {
		decoded, changed := view.decoded()
		if !changed {
			break
		}
		view = decoded
		spans = x.find(string(view.bytes), view.at, spans)
	}
	if joined, changed := view.joined(); changed {
		for _, found := range x.parts(string(joined.bytes), joined.at, nil) {
			for separates(text[found.to-1]) { // what stands behind it is no part of it
				found.to--
			}
			spans = append(spans, found)
		}
	}
	return replaced(text, spans)
}

// find adds where secrets stand; `at` (nil: the same) is where each byte came from, with one more for the end.
func (x *index) find(text string, at []int32, spans []span) []span {
	spans = x.parts(text, at, spans)
	if len(x.shorts) > 0 {
		small := strings.Map(func(r rune) rune { // as many bytes as before
			if r >= 'A' && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}, strings.ToValidUTF8(text, "?"))
		if len(small) != len(text) {
			small = string(lowered(text))
		}
		for _, short := range x.shorts {
			for from := 0; ; {
				i := strings.Index(small[from:], short)
				if i < 0 {
					break
				}
				i += from
				if from = i + len(short); len(short) >= word || isWord(small, i, from) {
					spans = append(spans, placed(i, from, at))
				}
			}
		}
	}
	return spans
}

// parts adds where eight bytes of a secret stand.
func (x *index) parts(text string, at []int32, spans []span) []span {
	if len(x.grams) == 0 {
		return spans
	}
	var g uint64
	for i := range len(text) {
		g = g<<8 | uint64(lower(text[i]))
		if i >= gram-1 && x.has(g) {
			spans = append(spans, placed(i+1-gram, i+1, at))
		}
	}
	return spans
}

// placed is a span in the text that was given; `at` as find has it.
func placed(from, to int, at []int32) span {
	if at != nil {
		return span{int(at[from]), int(at[to])}
	}
	return span{from, to}
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func lowered(text string) []byte {
	out := []byte(text)
	for i, c := range out {
		out[i] = lower(c)
	}
	return out
}

// isWord tells whether text[from:to] has no letter or digit beside it.
func isWord(text string, from, to int) bool {
	alnum := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] >= '0' && text[i] <= '9' || lower(text[i]) >= 'a' && lower(text[i]) <= 'z')
	}
	return !alnum(from-1) && !alnum(to)
}

// replaced puts the mark in the place of each span, one for those that touch.
func replaced(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out strings.Builder
	done := 0
	for i := 0; i < len(spans); {
		from, to := spans[i].from, spans[i].to
		for i++; i < len(spans) && spans[i].from <= to; i++ {
			to = max(to, spans[i].to)
		}
		out.WriteString(text[done:from])
		out.WriteString(Mark)
		done = to
	}
	out.WriteString(text[done:])
	return out.String()
}
