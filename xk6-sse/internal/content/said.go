package content

import (
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Said is what one event, or one document, brings: bytes of each kind of output. What counts is the text itself: a part
// of an array without text, a tool call without name and arguments, an object with nothing but its type are nothing.
type Said struct {
	Answer, Reasoning, Tools, Media int
	Text                            string // the answer's text; it may point into the event
	Lone                            string // the text as it stands in the JSON, with quotes, where there is one alone
	Strings                         int
}

// deepestPart is how deep output may stand in arrays and objects: thinking parts within parts stand four deep. What
// reads them parses a value once for each level that it stands in, so a large one that stood in hundreds of arrays took
// seconds.
const deepestPart = 12

// Any tells whether there is any output.
func (s *Said) Any() bool { return s.Answer+s.Reasoning+s.Tools+s.Media > 0 }

// Bytes counts it.
func (s *Said) Bytes() int64 { return int64(s.Answer + s.Reasoning + s.Tools + s.Media) }

// The names under which parts hold their text, and what that is.
var (
	textMembers = map[string]bool{
		"text": true, "content": true, "value": true, "parts": true, "refusal": true, "transcript": true,
		"output_text": true,
	}
	thoughtMembers = map[string]bool{
		"thinking": true, "reasoning": true, "reasoning_content": true, "reasoning_text": true, "summary": true,
		"thought": true,
	}
	mediaMembers = map[string]bool{
		"data": true, "url": true, "image_url": true, "b64_json": true, "audio": true, "image": true, "id": false,
	}
)

// Listen looks for output where the paths say that it is: the first list of the contract that has any decides what the
// event is, an answer's text before all others.
func (f *Found) Listen() (s Said) {
	f.Each(Content, func(r gjson.Result) bool { s.words(r, false, deepestPart); return s.Answer == 0 })
	if s.Answer == 0 {
		f.Each(Reasoning, func(r gjson.Result) bool {
			before := s.Reasoning
			s.words(r, true, deepestPart)
			return s.Reasoning == before
		})
	}
	f.Each(ToolCalls, func(r gjson.Result) bool { s.Tools = spoken(r, deepestPart); return s.Tools == 0 })
	f.Each(Media, func(r gjson.Result) bool { s.Media += spoken(r, deepestPart); return s.Media == 0 })
	return s
}

// words adds the text of a string, of the parts of an array, or of a part, up to so many levels deep.
func (s *Said) words(r gjson.Result, thinking bool, deep int) {
	switch {
	case r.Type == gjson.String:
		s.add(r, thinking)
	case deep == 0:
	case r.IsArray():
		r.ForEach(func(_, part gjson.Result) bool { s.words(part, thinking, deep-1); return true })
	case r.IsObject():
		s.part(r, thinking, deep-1)
	}
}

// part adds the text of one part: `{"type": "thinking", "thinking": [...]}`, `{"type": "text", "text": "..."}`.
func (s *Said) part(r gjson.Result, thinking bool, deep int) {
	kind := strings.ToLower(r.Get("type").String())
	if strings.Contains(kind, "encrypted") || strings.Contains(kind, "redacted") {
		return // nobody can read it
	}
	thinking = thinking || strings.Contains(kind, "think") || strings.Contains(kind, "reason") ||
		r.Get("thought").Type == gjson.True
	isMedia := strings.Contains(kind, "image") || strings.Contains(kind, "audio") || strings.Contains(kind, "video")
	r.ForEach(func(name, value gjson.Result) bool {
		switch {
		case textMembers[name.Str]:
			s.words(value, thinking, deep)
		case thoughtMembers[name.Str]:
			s.words(value, true, deep)
		case isMedia && mediaMembers[name.Str]:
			s.Media += spoken(value, deep)
		}
		return true
	})
}

func (s *Said) add(r gjson.Result, thinking bool) {
	if r.Str == "" {
		return
	}
	s.Strings++
	s.Lone = ""
	if s.Strings == 1 {
		s.Lone = r.Raw
	}
	if thinking {
		s.Reasoning += len(r.Str)
		return
	}
	s.Answer += len(r.Str)
	if s.Text == "" {
		s.Text = r.Str
	} else {
		s.Text += r.Str
	}
}

// spoken is how many bytes of text are in there, but for the names of types.
func spoken(r gjson.Result, deep int) (n int) {
	switch {
	case r.Type == gjson.String:
		return len(r.Str)
	case deep == 0:
		return 0
	case r.IsArray(), r.IsObject():
		r.ForEach(func(name, value gjson.Result) bool {
			if name.Str != "type" {
				n += spoken(value, deep-1)
			}
			return true
		})
	}
	return n
}

// Means tells whether a value says something: null, false, 0, "" and what holds nothing else do not. Something that is
// nested deeper than anybody looks says something.
func Means(r gjson.Result) bool { return means(r, deepestPart) }

func means(r gjson.Result, deep int) (some bool) {
	switch {
	case r.Type == gjson.String:
		return strings.TrimSpace(r.Str) != ""
	case r.Type == gjson.Number:
		return r.Num != 0
	case r.IsArray(), r.IsObject():
		r.ForEach(func(_, value gjson.Result) bool { some = deep == 0 || means(value, deep-1); return !some })
		return some
	}
	return r.Type == gjson.True
}

// within is where part stands in data, -1 when it is no slice of it.
func within(data []byte, part string) int {
	if len(data) == 0 || part == "" {
		return -1
	}
	from := uintptr(unsafe.Pointer(unsafe.StringData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(data)))
	if from > uintptr(len(data)) || from+uintptr(len(part)) > uintptr(len(data)) {
		return -1
	}
	return int(from)
}
