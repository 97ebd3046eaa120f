package sse

import (
	"strings"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// cacheHit is how an answer says that a cache of the target's gave it, and no model.
type cacheHit struct {
	Header string `json:"header"`
	// Value is a word that the header's value holds then, in small or large letters; "": any value will do.
	Value string `json:"value"`
}

// in is the header of an answer that says so, as it came; "" where none does.
func (c cacheHit) in(h *wire.Head) string {
	value := strings.TrimSpace(h.Get(c.Header))
	if value == "" || c.Value != "" && !strings.EqualFold(value, c.Value) && !hasWord(value, c.Value) {
		return ""
	}
	return c.Header + ": " + value
}

// hasWord: the text has the word as a whole, as "Hit from cloudfront" and "edge; hit; ttl=30" have hit.
func hasWord(text, word string) bool {
	for each := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \t,;=\"'", r) }) {
		if strings.EqualFold(each, word) {
			return true
		}
	}
	return false
}
