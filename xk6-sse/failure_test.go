package sse

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/failures"
)

// answeringEach answers each request with what `answer` makes of its number, each on a connection of its own.
func answeringEach(answer func(i int) string) func(net.Conn) {
	var n atomic.Int64
	return func(c net.Conn) {
		saying(answer(int(n.Add(1))))(c)
	}
}

func errorAnswer(status, headers, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n%s", status, len(body), headers, body)
}

// "outcomes http_429 5243" was all that a run said of what the target had to say.
func TestWhatTheTargetSaidIsKeptWithItsIdsAndLimits(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	url := server(t, answeringEach(func(i int) string {
		return errorAnswer("429 Too Many Requests",
			fmt.Sprintf("X-Request-Id: req-%d\r\nRetry-After: %d\r\nx-ratelimit-remaining-tokens: %d\r\n", i, i, 5-i),
			fmt.Sprintf(`{"error":{"message":"Rate limit reached,\n try again in %d.5 s","code":"rate_limit"}}`, i))
	}))
	for range 3 {
		u.run(`get('` + url + `', {tags: {kind: 'chat', model: 'm', phase: 'only'}}).settle()`)
	}
	u.run(`get('http://127.0.0.1:1', {tags: {kind: 'embedding', model: 'e'}}).settle()`)
	said := u.snapshot().Failures
	require.Len(t, said.Samples, 2)
	s := said.Samples[1]
	assert.EqualValues(t, "http_429", s.Outcome)
	assert.Equal(t, 429, s.Status)
	assert.Equal(t, "Rate limit reached, try again in 1.5 s (rate_limit)", s.Text, "one line: the first of three that differ in numbers")
	assert.EqualValues(t, 3, s.Count)
	assert.Equal(t, []failures.ID{{Header: "x-request-id", Value: "req-1"}, {Header: "x-request-id", Value: "req-2"},
		{Header: "x-request-id", Value: "req-3"}}, s.IDs)
	assert.Equal(t, []failures.Group{{Tags: map[string]string{"kind": "chat", "model": "m"}, Count: 3}}, s.Groups)
	assert.EqualValues(t, "connect", said.Samples[0].Outcome)
	assert.Contains(t, said.Samples[0].Text, "no connection to 127.0.0.1:1")
	assert.Contains(t, said.Limits, failures.Limit{Header: "retry-after", Count: 3, First: "1", Last: "3"})
	assert.Contains(t, said.Limits, failures.Limit{Header: "x-ratelimit-remaining-tokens", Count: 3, First: "4", Last: "2"})
	require.NotNil(t, said.Holds)
	assert.EqualValues(t, 3, said.Holds.Count)
	assert.InDelta(t, 1, said.Holds.Least, 0)
	assert.InDelta(t, 3, said.Holds.Most, 0)
}

func TestFailedAnswersAreToldInTheTargetsWords(t *testing.T) {
	for name, of := range map[string]struct{ status, body, want string }{
		"OpenAI":      {"401 U", `{"error":{"message":"Bad key","type":"auth","code":"invalid_api_key"}}`, "Bad key (invalid_api_key)"},
		"GSAi":        {"403 F", `{"detail":"Not your agency"}`, "Not your agency"},
		"FastAPI":     {"422 U", `{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}`, "field required (missing)"},
		"AWS":         {"400 B", `{"__type":"ValidationException","message":"too long"}`, "too long (ValidationException)"},
		"nginx":       {"502 B", "<html>\r\n<head><title>502 Bad Gateway</title><style>p{}</style></head><body><hr>nginx &amp; co</body></html>", "502 Bad Gateway nginx & co"},
		"plain text":  {"503 S", "upstream connect error\nor disconnect", "upstream connect error or disconnect"},
		"nothing":     {"500 I", "", "no text"},
		"a string":    {"500 I", `"went wrong"`, "went wrong"},
		"other JSON":  {"500 I", `{"a":1}`, `{"a":1}`},
		"deep JSON":   {"500 I", strings.Repeat("[", 5000), strings.Repeat("[", 300) + "..."},
		"broken JSON": {"500 I", `{"error":`, `{"error":`},
		"ANSI":        {"500 I", "a\x1b[2J\x1b]0;x\x07b\u202ec\u2028d", "a?[2J?]0;x?b?c d"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newVU(t, New(), oneSecond)
			u.run(`get('` + server(t, saying(errorAnswer(of.status, "", of.body))) + `', {}).settle()`)
			samples := u.snapshot().Failures.Samples
			require.Len(t, samples, 1)
			assert.Equal(t, of.want, samples[0].Text)
		})
	}
}

// A target that says something else each time must not eat the memory, and the frequent texts must not drown.
func TestWhatIsKeptOfFailuresIsBounded(t *testing.T) {
	var l failures.Log
	word := func(i int) string {
		return strings.Repeat(string(rune('a'+i%26)), 3) + strings.Repeat(string(rune('a'+i/26%26)), 3)
	}
	for i := range 1000 {
		l.Add(failures.Failure{Outcome: "http_5xx", Status: 500, Text: word(i % 676), Headers: func(yield func(string, string) bool) {
			for n := range 50 {
				yield("x-ratelimit-"+word(n), strings.Repeat("v", 5000))
				yield("x-"+word(n)+"-request-id", "r")
			}
		}, Tags: map[string]string{"kind": "chat", "model": word(i)}})
		l.Add(failures.Failure{Outcome: "http_5xx", Status: 500, Text: "often"})
	}
	said := l.View()
	require.Len(t, said.Samples, 8)
	assert.EqualValues(t, 1000, said.Samples[0].Count)
	var told int64
	for _, s := range said.Samples {
		told += s.Count
		assert.LessOrEqual(t, len(s.Groups), 12)
		assert.LessOrEqual(t, len(s.IDs), 6)
	}
	assert.EqualValues(t, 2000, told+said.Unlisted, "none is lost")
	assert.Len(t, said.Limits, 24)
	assert.LessOrEqual(t, len(said.Limits[0].First), 120)
}

func TestOkAnswersLeaveNoFailure(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	u.run(`get('` + server(t, saying(sseHead+token+finished+doneEnd)) + `', {}).settle()`)
	said := u.snapshot().Failures
	assert.Empty(t, said.Samples)
	assert.Zero(t, said.Unlisted)
}
