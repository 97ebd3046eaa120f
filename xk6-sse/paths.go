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
	content, reasoning, toolCalls, finish, promptTokens, completionTokens, failure []path
	done                                                                           []byte
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

// first is the first match that counts: null, "" and empty arrays and objects do not. Strings in the result point
// into data where it has no escapes: copy what is kept.
func first(data []byte, among []path) (gjson.Result, bool) {
	escaped := false // a name may be written with \u; then only gjson can tell
	checked := false
	for _, p := range among {
		if p.key != nil && !bytes.Contains(data, p.key) {
			if !checked {
				escaped, checked = bytes.Contains(data, []byte(`\u`)), true
			}
			if !escaped {
				continue
			}
		}
		r := gjson.Get(text(data), p.text)
		if counts(r) {
			return r, true
		}
	}
	return gjson.Result{}, false
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
	list := func(name string) (all []path) {
		v, ok := o.Get(name).(*sobek.Object)
		if !ok {
			return nil
		}
		for _, i := range v.Keys() {
			all = append(all, newPath(v.Get(i).String()))
		}
		return all
	}
	p := &paths{
		content: list("content"), reasoning: list("reasoning"), toolCalls: list("toolCalls"), finish: list("finish"),
		promptTokens: list("promptTokens"), completionTokens: list("completionTokens"), failure: list("error"),
	}
	if done := o.Get("done"); done != nil {
		p.done = []byte(done.String())
	}
	c.object, c.paths = o, p
	return p
}
