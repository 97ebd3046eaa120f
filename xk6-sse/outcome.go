package sse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/printable"
)

// judge names the outcome. The first reason that holds counts; Outcome in sse.d.ts has the same order.
func (x *exchange) judge(err error) (o outcome.Outcome, sentence string) {
	r := x.r
	var f *outcome.Failure
	if err != nil && !errors.As(err, &f) {
		r.ownLimit(err)
		f = outcome.Failed(outcome.Reset, "the connection broke: %s", plain(err))
	}
	if spoke := x.proxySpoke(); spoke != nil {
		f = spoke
	}
	switch {
	case x.ctx.Err() != nil:
		return outcome.Interrupted, "the test ended before the request did"
	case f != nil && (f.Outcome == outcome.Connect || f.Outcome == outcome.Cancelled || f.Outcome.Timeout()):
		return f.Outcome, f.Sentence
	case len(x.p.wanted) > 0 && r.status != 0:
		return x.judgeStatus(f)
	case r.status == 429:
		return outcome.HTTP429, statusSentence(r)
	case r.status >= 400 && r.status < 500:
		return outcome.HTTP4xx, statusSentence(r)
	case r.status >= 500:
		return outcome.HTTP5xx, statusSentence(r)
	case f != nil && f.Outcome == outcome.Reset:
		return f.Outcome, f.Sentence
	case x.streamErr != "":
		return outcome.StreamError, x.streamErr
	case f != nil:
		return f.Outcome, f.Sentence
	case x.malformed != "":
		return outcome.Malformed, x.malformed
	case x.p.json:
		return x.judgeDocument()
	case r.contentEvents == 0 && r.events == 0 && len(x.u.opening) > 0:
		return outcome.Empty, fmt.Sprintf(
			"the answer has status %d and no event: it begins with %q",
			r.status,
			x.opening(),
		)
	case r.contentEvents == 0:
		return outcome.Empty, "the answer has status " + itoa(r.status) + " and no content"
	case r.finish == "":
		return outcome.Truncated, "the stream ended without a finish reason"
	}
	return outcome.OK, ""
}

// judgeStatus judges an answer to a request that is to be answered with a certain status: what else the answer holds is
// not looked at, but it must be whole.
func (x *exchange) judgeStatus(f *outcome.Failure) (o outcome.Outcome, sentence string) {
	r := x.r
	if slices.Contains(x.p.wanted, r.status) {
		if f != nil {
			return f.Outcome, f.Sentence
		}
		if r.e2e < 0 { // an answer without a body
			r.e2e = x.sinceSent(x.c.At)
		}
		return outcome.OK, ""
	}
	wanted := strings.Trim(strings.ReplaceAll(fmt.Sprint(x.p.wanted), " ", " or "), "[]")
	sentence = statusSentence(r) + ", and " + wanted + " was wanted"
	switch {
	case r.status == 429:
		return outcome.HTTP429, sentence
	case r.status >= 500:
		return outcome.HTTP5xx, sentence
	case r.status >= 400:
		return outcome.HTTP4xx, sentence
	}
	return outcome.Malformed, sentence
}

func (x *exchange) judgeDocument() (o outcome.Outcome, sentence string) {
	r := x.r
	if len(strings.TrimSpace(content.Text(r.document))) == 0 {
		return outcome.Empty, "the answer has status " + itoa(r.status) + " and no body"
	}
	if x.p.vectors >= 0 {
		seen := content.CheckVectors(r.document, x.p.vectors)
		r.vectors = &seen
	}
	switch x.shape(r.document) {
	case content.TooDeep:
		return outcome.Malformed, fmt.Sprintf("the answer is nested deeper than %d levels", content.Deepest)
	case content.Broken:
		return outcome.Malformed, fmt.Sprintf("the answer is not JSON: it begins with %q", x.opening())
	case content.JSON:
	}
	if says, is := x.failure(); is {
		return outcome.StreamError, says
	}
	if finish, is := x.finishReason(); is {
		r.finish = kept(finish)
		if x.badFinish(); x.streamErr != "" {
			return outcome.StreamError, x.streamErr
		}
	}
	x.tokens()
	if x.p.output {
		if s := x.u.found.Listen(); !s.Any() {
			return outcome.Empty, "the answer has status " + itoa(r.status) + " and no output"
		}
	}
	if x.p.count != "" {
		if n := x.u.found.Elements(x.p.count); n >= 0 && n <= mostTokens {
			r.counted = n
		}
		if x.p.counted >= 0 && r.counted != x.p.counted {
			return outcome.Malformed, fmt.Sprintf(
				"the answer holds %v entries in its list %q, but %v were asked for",
				r.counted, strings.TrimSuffix(x.p.count, ".#"), x.p.counted,
			)
		}
	}
	return outcome.OK, ""
}

func statusSentence(r *Record) string {
	if r.streamError != "" {
		return "status " + itoa(r.status) + ": " + r.streamError
	}
	return "status " + itoa(r.status)
}

// clip keeps a sentence of the target's short and in one line. It is a copy: s may stand in a buffer that the next bytes overwrite.
func clip(s string) string {
	const most = 1000
	s = printable.Cut(s, 4*most) // what is far too long is not looked at to its end
	return strings.Clone(printable.Cut(printable.Line(s), most))
}

// plain is an error without the addresses of our own side.
func plain(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "it was closed in the middle of the answer"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "it timed out"
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}
