// Package content reads what an event, or a document, of an answer holds: where Paths say that it is (paths.go), what
// counts as output (said.go), and a short cut for the many events of a stream that are alike (alike.go).
package content

import (
	"bytes"
	"regexp"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Paths tell where things are in an event's JSON.
type Paths struct {
	Content, Reasoning, ToolCalls, Media, Finish, Failure                      []Path
	PromptTokens, CompletionTokens, TotalTokens, ReasoningTokens, CachedTokens []Path
	// Tokens of the prompt that PromptTokens does not count; what ends the answer for who reads it.
	BesidePrompt, Over []Path

	FailedFinish []string // words of a finish reason, in lower case
	Done         []byte

	usageHint []byte // stands in every event with a usage; nil: not known
}

// Ready prepares the paths for use, once all are there.
func (p *Paths) Ready() *Paths {
	p.usageHint = hint(p.PromptTokens, p.CompletionTokens, p.TotalTokens, p.ReasoningTokens, p.CachedTokens, p.BesidePrompt)
	return p
}

// MayHoldUsage tells whether data may hold a usage, which is cheap to know of most events.
func (p *Paths) MayHoldUsage(data []byte, k *Keys) bool {
	return p.usageHint == nil || k.escaped || bytes.Contains(data, p.usageHint)
}

// Path is one gjson path. `key` is a quoted member name that must stand in the text for the path to match: looking for
// it is much cheaper than walking the JSON, and most paths do not match most events.
type Path struct {
	text string
	key  []byte
	// The path holds where this member has this value only; "" without a condition.
	member, value string
}

// A path of events of one type: gjson would copy each event to look into it.
var conditional = regexp.MustCompile(`^\[@this\]\.#\(([A-Za-z_]+)=="([A-Za-z0-9_.-]+)"\)\.([A-Za-z0-9_.-]+)$`)

// A path of plain members and indices; the last member that is no index is its key.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// What a query compares with must stand in the text.
var comparedTo = regexp.MustCompile(`=="[A-Za-z0-9_ -]+"`)

// NewPath reads one.
func NewPath(text string) Path {
	p := Path{text: text}
	if m := conditional.FindStringSubmatch(text); m != nil {
		return Path{text: m[3], key: []byte(`"` + m[2] + `"`), member: m[1], value: m[2]}
	}
	if !plainPath.MatchString(text) {
		if wanted := comparedTo.FindString(text); wanted != "" {
			p.key = []byte(wanted[2:])
		}
		return p
	}
	for _, member := range strings.Split(text, ".") {
		if strings.Trim(member, "0123456789") != "" {
			p.key = []byte(`"` + member + `"`)
		}
	}
	return p
}

// Keys looks for the paths' keys in one text. A name may be written with \u there; then only gjson can tell.
type Keys struct {
	escaped bool
	last    []byte // the key that was looked for last: paths that end alike follow each other
	found   bool
}

// KeysOf begins to look.
func KeysOf(data []byte) Keys { return Keys{escaped: bytes.Contains(data, []byte(`\u`))} }

func (k *Keys) in(data []byte, p Path) bool {
	if p.key == nil || k.escaped {
		return true
	}
	if k.last == nil || !bytes.Equal(k.last, p.key) {
		k.last, k.found = p.key, bytes.Contains(data, p.key)
	}
	return k.found
}

// Each calls `take` with the matches that count until it returns false: null, "" and empty arrays and objects do not
// count. Strings in a match point into data where it has no escapes: copy what is kept.
func Each(data []byte, k *Keys, among []Path, take func(gjson.Result) bool) {
	for _, p := range among {
		if !k.in(data, p) {
			continue
		}
		if p.member != "" && gjson.Get(Text(data), p.member).Str != p.value {
			continue
		}
		if r := gjson.Get(Text(data), p.text); counts(r) && !take(r) {
			return
		}
	}
}

func counts(r gjson.Result) bool {
	switch r.Type {
	case gjson.Null:
		return false
	case gjson.String:
		return r.Str != ""
	case gjson.JSON:
		some := false
		r.ForEach(func(_, _ gjson.Result) bool { some = true; return false })
		return some
	default:
		return true
	}
}

// Text looks at bytes as a string without copying them.
func Text(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// hint is what all the paths' keys have in common, where they have: an event without it needs no look at the paths.
func hint(lists ...[]Path) []byte {
	const common = "oken" // promptTokens, prompt_tokens, inputTokenCount
	for _, list := range lists {
		for _, p := range list {
			if p.key == nil || !bytes.Contains(p.key, []byte(common)) {
				return nil
			}
		}
	}
	return []byte(common)
}
