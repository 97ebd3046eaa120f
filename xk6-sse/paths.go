package sse

import (
	"bytes"
	"regexp"
	"strings"
	"unsafe"

	"github.com/grafana/sobek"
	"github.com/tidwall/gjson"
)

// paths tell where things are in an event's JSON.
type paths struct {
	content, reasoning, toolCalls, media, finish, failure                      []path
	promptTokens, completionTokens, totalTokens, reasoningTokens, cachedTokens []path
	failedFinish                                                               []string // words of a finish reason, in lower case
	done                                                                       []byte
	usageHint                                                                  []byte // stands in every event with a usage; nil: not known
}

// path is one gjson path. `key` is a quoted member name that must stand in the text for the path to match: looking for
// it is much cheaper than walking the JSON, and most paths do not match most events.
type path struct {
	text string
	key  []byte
}

// A path of plain members and indices; the last member that is no index is its key.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

func newPath(text string) path {
	p := path{text: text}
	if !plainPath.MatchString(text) {
		return p
	}
	for _, member := range strings.Split(text, ".") {
		if strings.Trim(member, "0123456789") != "" {
			p.key = []byte(`"` + member + `"`)
		}
	}
	return p
}

// keys looks for the paths' keys in one text. A name may be written with \u there; then only gjson can tell.
type keys struct {
	escaped bool
	last    []byte // the key that was looked for last: paths that end alike follow each other
	found   bool
}

func keysOf(data []byte) keys { return keys{escaped: bytes.Contains(data, []byte(`\u`))} }

func (k *keys) in(data []byte, p path) bool {
	if p.key == nil || k.escaped {
		return true
	}
	if k.last == nil || !bytes.Equal(k.last, p.key) {
		k.last, k.found = p.key, bytes.Contains(data, p.key)
	}
	return k.found
}

// each calls `take` with the matches that count until it returns false: null, "" and empty arrays and objects do not
// count. Strings in a match point into data where it has no escapes: copy what is kept.
func each(data []byte, k *keys, among []path, take func(gjson.Result) bool) {
	for _, p := range among {
		if !k.in(data, p) {
			continue
		}
		if r := gjson.Get(text(data), p.text); counts(r) && !take(r) {
			return
		}
	}
}

// first is the first match that counts.
func first(data []byte, among []path) (found gjson.Result, ok bool) {
	k := keysOf(data)
	each(data, &k, among, func(r gjson.Result) bool { found, ok = r, true; return false })
	return found, ok
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

// text looks at bytes as a string without copying them.
func text(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// pathsCache keeps the last Paths object that a script passed: scripts pass the same one each time.
type pathsCache struct {
	object *sobek.Object
	paths  *paths
}

func (c *pathsCache) get(o *sobek.Object) *paths {
	if c.object == o {
		return c.paths
	}
	words := func(name string) (all []string) {
		v, ok := o.Get(name).(*sobek.Object)
		if !ok {
			return nil
		}
		for _, i := range v.Keys() {
			all = append(all, v.Get(i).String())
		}
		return all
	}
	list := func(name string) (all []path) {
		for _, text := range words(name) {
			all = append(all, newPath(text))
		}
		return all
	}
	p := &paths{
		content: list("content"), reasoning: list("reasoning"), toolCalls: list("toolCalls"), media: list("media"),
		finish: list("finish"), failure: list("error"),
		promptTokens: list("promptTokens"), completionTokens: list("completionTokens"), totalTokens: list("totalTokens"),
		reasoningTokens: list("reasoningTokens"), cachedTokens: list("cachedTokens"),
	}
	for _, word := range words("failedFinish") {
		p.failedFinish = append(p.failedFinish, strings.ToLower(word))
	}
	if done := o.Get("done"); done != nil {
		p.done = []byte(done.String())
	}
	p.usageHint = hint(p.promptTokens, p.completionTokens, p.totalTokens, p.reasoningTokens, p.cachedTokens)
	c.object, c.paths = o, p
	return p
}

// hint is what all the paths' keys have in common, where they have: an event without it needs no look at the paths.
func hint(lists ...[]path) []byte {
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
