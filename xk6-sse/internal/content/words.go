package content

import (
	"html"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"
)

// The members under which an error's sentence stands, in the order of their trust, and those of its short name.
// OpenAI, Anthropic and Google: message; FastAPI and GSAi: detail, where a refused field has msg; OAuth:
// error_description; Bedrock and AWS: message and Message; problem+json (RFC 9457): detail and title.
var (
	sentences = []string{
		"message", "Message", "detail", "msg", "error_description", "error_message", "errorMessage", "description",
		"reason", "title", "fault.faultstring",
	}
	shortNames = []string{"code", "type", "status", "error", "__type"}
	nests      = []string{"error", "errors", "detail", "details", "err", "response", "data", "body"}
)

// wordsRead bounds how much of a document is looked at for words, and how deep.
const (
	wordsRead = 64 << 10
	wordsDeep = 4
)

// Words is what an answer says of a failure, without what is around it: the sentence of a JSON error and its short name,
// the text of an HTML page, or the text as it is.
func Words(document []byte) string {
	text := strings.TrimSpace(string(document[:min(len(document), wordsRead)]))
	switch {
	case text == "":
		return ""
	case (text[0] == '{' || text[0] == '[') && IsJSON(document):
		if words := wordsOf(gjson.ParseBytes(document), wordsDeep); words != "" {
			return words
		}
	case text[0] == '"' && IsJSON([]byte(text)): // JSON in JSON, by a proxy that quotes what it got
		return Words([]byte(gjson.Parse(text).Str))
	case text[0] == '<':
		return pageText(text)
	}
	return text
}

func wordsOf(r gjson.Result, deep int) string {
	switch {
	case r.Type == gjson.String:
		return strings.TrimSpace(r.Str)
	case deep == 0:
		return ""
	case r.IsArray():
		for _, item := range r.Array() {
			if words := wordsOf(item, deep-1); words != "" {
				return words
			}
		}
		return ""
	case !r.IsObject():
		return ""
	}
	for _, name := range sentences {
		if found := r.Get(name); found.Type == gjson.String && strings.TrimSpace(found.Str) != "" {
			return strings.TrimSpace(found.Str) + shortName(r)
		}
	}
	for _, name := range nests {
		if words := wordsOf(r.Get(name), deep-1); words != "" {
			return words
		}
	}
	return ""
}

// shortName is the code or type of an error, where it has one that is a word.
func shortName(r gjson.Result) string {
	for _, name := range shortNames {
		if found := r.Get(name); found.Type == gjson.String && found.Str != "" && len(found.Str) <= 60 {
			return " (" + found.Str + ")"
		}
	}
	return ""
}

var (
	notShown = regexp.MustCompile(`(?is)<(?:script|style)\b.*?(?:</(?:script|style)>|$)|<!--.*?(?:-->|$)`)
	tag      = regexp.MustCompile(`<[^>]*(?:>|$)`)
)

// pageText is what a reader sees of an HTML page, or of an XML document.
func pageText(page string) string {
	return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(notShown.ReplaceAllString(page, " "), " ")))
}
