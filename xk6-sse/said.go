package sse

import (
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// said is what one event, or one document, brings: bytes of each kind of output. What counts is the text itself: a part
// of an array without text, a tool call without name and arguments, an object with nothing but its type are nothing.
type said struct {
	answer, reasoning, tools, media int
	text                            string // the answer's text; it may point into the event
	lone                            string // the text as it stands in the JSON, with its quotes, where there is one alone
	strings                         int
}

func (s *said) any() bool { return s.answer+s.reasoning+s.tools+s.media > 0 }

func (s *said) bytes() int64 { return int64(s.answer + s.reasoning + s.tools + s.media) }

// The names under which parts hold their text, and what that is.
var (
	textMembers = map[string]bool{
		"text": true, "content": true, "value": true, "parts": true, "refusal": true, "transcript": true, "output_text": true,
	}
	thoughtMembers = map[string]bool{
		"thinking": true, "reasoning": true, "reasoning_content": true, "reasoning_text": true, "summary": true, "thought": true,
	}
	mediaMembers = map[string]bool{"data": true, "url": true, "image_url": true, "b64_json": true, "audio": true, "image": true, "id": false}
)

// listen looks for output where the paths say that it is: the first list of the contract that has any decides what the
// event is, an answer's text before all others.
func (p *paths) listen(data []byte) (s said) {
	keys := keysOf(data)
	each(data, &keys, p.content, func(r gjson.Result) bool { s.words(r, false); return s.answer == 0 })
	if s.answer == 0 {
		each(data, &keys, p.reasoning, func(r gjson.Result) bool { before := s.reasoning; s.words(r, true); return s.reasoning == before })
	}
	each(data, &keys, p.toolCalls, func(r gjson.Result) bool { s.tools = spoken(r); return s.tools == 0 })
	each(data, &keys, p.media, func(r gjson.Result) bool { s.media += spoken(r); return s.media == 0 })
	return s
}

// words adds the text of a string, of the parts of an array, or of a part.
func (s *said) words(r gjson.Result, thinking bool) {
	switch {
	case r.Type == gjson.String:
		s.add(r, thinking)
	case r.IsArray():
		r.ForEach(func(_, part gjson.Result) bool { s.words(part, thinking); return true })
	case r.IsObject():
		s.part(r, thinking)
	}
}

// part adds the text of one part: `{"type": "thinking", "thinking": [...]}`, `{"type": "text", "text": "..."}`.
func (s *said) part(r gjson.Result, thinking bool) {
	kind := strings.ToLower(r.Get("type").String())
	if strings.Contains(kind, "encrypted") || strings.Contains(kind, "redacted") {
		return // nobody can read it
	}
	thinking = thinking || strings.Contains(kind, "think") || strings.Contains(kind, "reason") || r.Get("thought").Type == gjson.True
	isMedia := strings.Contains(kind, "image") || strings.Contains(kind, "audio") || strings.Contains(kind, "video")
	r.ForEach(func(name, value gjson.Result) bool {
		switch {
		case textMembers[name.Str]:
			s.words(value, thinking)
		case thoughtMembers[name.Str]:
			s.words(value, true)
		case isMedia && mediaMembers[name.Str]:
			s.media += spoken(value)
		}
		return true
	})
}

func (s *said) add(r gjson.Result, thinking bool) {
	if r.Str == "" {
		return
	}
	s.strings++
	s.lone = ""
	if s.strings == 1 {
		s.lone = r.Raw
	}
	if thinking {
		s.reasoning += len(r.Str)
		return
	}
	s.answer += len(r.Str)
	if s.text == "" {
		s.text = r.Str
	} else {
		s.text += r.Str
	}
}

// spoken is how many bytes of text are in there, but for the names of types.
func spoken(r gjson.Result) (n int) {
	switch {
	case r.Type == gjson.String:
		return len(r.Str)
	case r.IsArray(), r.IsObject():
		r.ForEach(func(name, value gjson.Result) bool {
			if name.Str != "type" {
				n += spoken(value)
			}
			return true
		})
	}
	return n
}

// means tells whether a value says something: null, false, 0, "" and what holds nothing else do not.
func means(r gjson.Result) (some bool) {
	switch {
	case r.Type == gjson.String:
		return strings.TrimSpace(r.Str) != ""
	case r.Type == gjson.Number:
		return r.Num != 0
	case r.IsArray(), r.IsObject():
		r.ForEach(func(_, value gjson.Result) bool { some = means(value); return !some })
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
