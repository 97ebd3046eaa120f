package sse

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/printable"
)

// failure is what the event or document that was scanned says of a failure. `"error": false` says that there is none.
func (x *exchange) failure() (says string, is bool) {
	x.u.found.Each(content.Failure, func(r gjson.Result) bool {
		if is = content.Means(r); is {
			says = clip(r.String())
		}
		return !is
	})
	return says, is
}

func (x *exchange) finishReason() (reason string, is bool) {
	x.u.found.Each(content.Finish, func(r gjson.Result) bool {
		is = r.Type == gjson.String
		reason = r.Str
		return !is
	})
	return reason, is
}

// kept is a copy of a word of the target's, cut off where no reader would read on.
func kept(word string) string {
	const most = 200
	return strings.Clone(printable.Cut(word, most))
}

// badFinish: some reasons say that the provider failed, and come without an error.
func (x *exchange) badFinish() {
	reason := strings.ToLower(x.r.finish)
	for _, word := range x.p.paths.FailedFinish {
		if strings.Contains(reason, word) {
			x.failed(fmt.Sprintf("the finish reason is %q: the provider failed", clip(x.r.finish)))
			return
		}
	}
}

// failed notes the first failure that the stream itself tells. Who reads it hangs up then.
func (x *exchange) failed(says string) {
	if x.streamErr == "" {
		x.streamErr = says
		x.over()
	}
}

// errorEvent is `event: error`, before a finish reason or after it.
func (x *exchange) errorEvent(data []byte) bool {
	data = bytes.TrimSpace(data)
	x.counted(x.c.At - x.sent)
	says := "an error event without data"
	if len(data) > 0 {
		says = clip(string(data[:min(len(data), 1000)]))
		if x.shape(data) == content.JSON {
			if told, is := x.failure(); is {
				says = told
			}
		}
	}
	x.failed(says)
	return true
}

// namesAnError: `event: error` and its like, as `response.failed` and `internalServerException`.
func namesAnError(name []byte) bool {
	lower := strings.ToLower(string(name))
	return strings.Contains(lower, "error") || strings.HasSuffix(lower, "exception") ||
		strings.HasSuffix(lower, "failed")
}

func isKeepAlive(name []byte) bool {
	switch strings.ToLower(string(name)) {
	case "ping", "keepalive", "keep-alive", "keep_alive", "heartbeat":
		return true
	}
	return false
}
