package prompts

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// wrongData says what is wrong with pictures or files, one or a list of them: data URIs or addresses; "" for nothing.
func wrongData(name string, value gjson.Result) (what string) {
	switch {
	case !value.Exists() || value.Type == gjson.Null:
		return ""
	case value.IsArray():
		value.ForEach(func(_, each gjson.Result) bool { what = wrongData(name, each); return what == "" })
		return what
	case value.Type == gjson.String && (strings.HasPrefix(value.Str, "https://") || strings.HasPrefix(value.Str, "http://")):
		return ""
	}
	head, data, found := strings.Cut(value.Str, ";base64,")
	if !found || !strings.HasPrefix(head, "data:") || !strings.Contains(head, "/") {
		return name + " must be a data URI like data:image/png;base64,... or an address"
	}
	if _, err := base64.StdEncoding.DecodeString(data); err != nil {
		return name + " is a data URI whose data is not base64"
	}
	return ""
}

// wrongPart says what is wrong with a part of a message; "" for nothing.
func wrongPart(part gjson.Result) string {
	if part.Get("type").Type != gjson.String {
		return "a content holds something that is not a part: each part needs a type"
	}
	url := part.Get("image_url.url")
	if !url.Exists() {
		url = part.Get("image_url")
	}
	if what := wrongData("image_url", url); what != "" {
		return what
	}
	return wrongData("file_data", part.Get("file.file_data"))
}

// roles are those that a message may have, in OpenAI's words. ShareGPT's own are many, and unknown ones are the user's.
var roles = []string{"system", "developer", "user", "assistant", "tool", "function"}

// answerers are ShareGPT's names of who answers, and of what is nobody's turn.
var answerers = []string{"gpt", "chatgpt", "bing", "bard", "assistant", "model", "system"}

func wrongMessages(member string, list gjson.Result) (what string) {
	what = member + " must be a list that is not empty"
	if !list.IsArray() {
		return what
	}
	names, shared := [2]string{"role", "content"}, member == "conversations"
	if shared {
		names = [2]string{"from", "value"}
	}
	asked := false
	list.ForEach(func(_, message gjson.Result) bool {
		role, content := message.Get(names[0]), message.Get(names[1])
		what = wrongMessage(member, shared, message, role, content)
		if shared {
			asked = asked || !slices.Contains(answerers, strings.ToLower(role.Str))
		} else {
			asked = asked || role.Str != "assistant"
		}
		return what == ""
	})
	if what == "" && !asked {
		return member + " holds only messages of the assistant: at least one message of somebody else is needed"
	}
	return what
}

func wrongMessage(member string, shared bool, message, role, content gjson.Result) (what string) {
	calls := role.Str == "assistant" && (message.Get("tool_calls").IsArray() || message.Get("function_call").IsObject())
	for _, call := range message.Get("tool_calls").Array() {
		if call.Get("id").Str == "" || call.Get("function.name").Str == "" {
			return member + " holds a call of a tool without an id or without the name of a function"
		}
	}
	switch {
	case role.Type != gjson.String || !content.Exists() && !calls:
		return member + " holds something that is not a message: each message needs a role and a content"
	case !shared && !slices.Contains(roles, role.Str):
		return member + " has the role " + strconv.Quote(role.Str) + ", which no protocol has: " + strings.Join(roles, ", ") + " are known"
	case content.Type == gjson.String || calls && (!content.Exists() || content.Type == gjson.Null):
		return ""
	case shared:
		return member + " holds a turn whose value is not a text"
	case !content.IsArray():
		return member + " holds a message whose content is neither a text nor a list of parts"
	}
	content.ForEach(func(_, part gjson.Result) bool { what = wrongPart(part); return what == "" })
	return what
}

// wrongBound says what is wrong with max_tokens, as JSON or a CSV has it; "" for nothing.
func wrongBound(text string) string {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); text == "" || err == nil && n > 0 {
		return ""
	}
	return "max_tokens must be a whole number from 1"
}
