package sse

import (
	"bytes"
	"compress/gzip"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

// Clients stop reading at [DONE]. Events behind it made the answer longer and its tokens slower, and one that was no JSON
// made it malformed.
func TestWhatComesBehindDoneIsToldAndCountsAsLittleAsForAClient(t *testing.T) {
	after := []string{ledger.RemarkAfterDone}
	u := ofTheField(t)
	for _, c := range []struct {
		story, events, outcome string
		remarks                []string
	}{
		{"[DONE] twice, and in blanks", doneEnd + "data:  [DONE] \n\n" + ": bye\n\ndata:\n\n", "ok", nil},
		{"content", doneEnd + hi + hi, "ok", after},
		{"what is no JSON", doneEnd + "data: goodbye\n\ndata: {\n\n", "ok", after},
		{"an error", doneEnd + `data: {"error":{"message":"billing failed"}}` + "\n\n", "stream_error", after},
		{"an event named error", doneEnd + "event: error\ndata: boom\n\n", "stream_error", nil},
		{"what nests without end", doneEnd + "data: " + strings.Repeat("[", 5000) + "\n\n", "ok", after},
		{"the usage", doneEnd + usageEvent(`"prompt_tokens":7,"completion_tokens":2`), "ok", after},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.played(eventsOf(hi, hi, stop, c.events))
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.ElementsMatch(t, c.remarks, r.Remarks)
			assert.Equal(t, []int{2, 4}, []int{r.ContentEvents, min(r.Events, 4)})
			assert.Equal(t, "hihi", r.Text)
			if c.story == "the usage" {
				assert.Equal(t, []int{7, 2}, []int{r.PromptTokens, r.CompletionTokens})
			}
		})
	}
	r := u.played(eventsOf(hi, doneEnd, stop))
	assert.Equal(t, "truncated", r.Outcome, "nobody has seen the finish reason")
}

// The same for ever: the answer was over, and counts until then.
func TestTokensForEverBehindDoneAreEndedAfterTheGrace(t *testing.T) {
	u := ofTheField(t)
	r := u.field(server(t, endlessly(sseHead+hi+stop+doneEnd, bytes.Repeat([]byte(hi), 1000))), "field")
	assert.Equal(t, "ok", r.Outcome, r.Error)
	assert.ElementsMatch(t, []string{ledger.RemarkAfterDone, ledger.RemarkLeftOpen}, r.Remarks)
	assert.Equal(t, 1, r.ContentEvents)
	assert.Less(t, r.End, 1900.0)
}

// A decoder's error was told as a connection that broke.
func TestGzipThatIsBrokenIsNoBrokenConnection(t *testing.T) {
	head := strings.Replace(sseHead, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1)
	whole := string(zipped([]byte(hi+stop), 1))
	corrupt := []byte(whole)
	corrupt[12] ^= 0xff
	var stored bytes.Buffer
	z, _ := gzip.NewWriterLevel(&stored, gzip.NoCompression)
	_, _ = z.Write([]byte(hi))
	_ = z.Close()
	u := ofTheField(t)
	for _, c := range []struct{ story, body, outcome, says string }{
		{"members one after the other", string(zipped([]byte(hi), 1)) + string(zipped(nil, 1)) + string(zipped([]byte(stop), 1)), "ok", ""},
		{"a thousand empty members", strings.Repeat(string(zipped(nil, 1)), 1000) + whole, "ok", ""},
		{"stored and not packed", stored.String() + string(zipped([]byte(stop), 1)), "ok", ""},
		{"corrupt within", string(corrupt), "malformed", "gzip"},
		{"a wrong checksum", whole[:len(whole)-8] + "abcd" + whole[len(whole)-4:], "malformed", "gzip"},
		{"bytes behind its end", whole + "{}", "reset", "closed"},
		{"a page behind its end", whole + "<html>an error page</html>", "malformed", "gzip"},
		{"a trailer cut off", whole[:len(whole)-3], "reset", "closed"},
		{"zlib and no gzip", "\x78\x9c" + whole[10:], "malformed", "gzip"},
	} {
		t.Run(c.story, func(t *testing.T) {
			r := u.field(server(t, saying(head+c.body)), "field")
			assert.Equal(t, c.outcome, r.Outcome, r.Error)
			assert.Contains(t, r.Error, c.says)
		})
	}
}

// Empty members of gzip for ever bring no byte: the time-outs hold all the same.
func TestEmptyGzipForEverIsATimeOut(t *testing.T) {
	head := strings.Replace(sseHead, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1)
	empty := bytes.Repeat(zipped(nil, 1), 1000)
	u := newVU(t, New(), oneSecond)
	r := u.stream(server(t, endlessly(head, empty)), `{timeouts: {first: 100, idle: 100, total: 5000}}`)
	assert.Equal(t, "timeout_first", r.Outcome, r.Error)
	r = u.stream(server(t, endlessly(head+string(zipped([]byte(token), 1)), empty)), `{timeouts: {first: 2000, idle: 100, total: 5000}}`)
	assert.Equal(t, "timeout_idle", r.Outcome, r.Error)
}

// Of an answer that began with blank lines all of them were kept, past every bound, and looked at again with each read:
// 32 MB of them took 160 MB, and a core.
func TestBlankLinesBeforeAnAnswerCostNoMemory(t *testing.T) {
	blank := []byte(strings.Repeat("\r\n", 4<<20) + hi + stop)
	u := ofTheField(t)
	for kind, want := range map[string]string{"text/event-stream": "ok", "text/plain": "malformed"} {
		url := server(t, func(c net.Conn) {
			saying("HTTP/1.1 200 OK\r\nContent-Type: " + kind + "\r\n\r\n")(c)
			_, _ = c.Write(blank)
		})
		before := taken()
		r := u.field(url, "field")
		assert.Equal(t, want, r.Outcome, r.Error)
		if kind == "text/event-stream" {
			assert.Less(t, taken()-before, uint64(16<<20))
		}
	}
	r := u.played(said200("text/plain", strings.Repeat("\n", mostBlank-100)+hi+stop))
	assert.Equal(t, "ok", r.Outcome, "some blank lines hide no stream")
}

// A script's parser recurses: a list of models, or an error, of brackets alone took 630 MB and ten seconds.
func TestABodyOfBracketsIsShownAsABeginning(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	deep := strings.Repeat(`{"error":[`, 1<<17)
	for _, status := range []string{"200 OK", "404 Not Found"} {
		r := u.stream(server(t, saying(sized(status, "application/json", deep))), `{expect: 'json'}`)
		assert.Equal(t, deep[:openingSize], r.Body)
	}
	flat := `{"error":"` + strings.Repeat("[", 5000) + `"}`
	r := u.stream(server(t, saying(sized("404 Not Found", "application/json", flat))), `{expect: 'json'}`)
	assert.Equal(t, flat, r.Body)
}

// To see whether an event is several that no blank line separates, it was split into all of its lines at once: 24 bytes
// for each, twelve times the event.
func TestAnEventOfAMillionLinesCostsNoMoreThanItself(t *testing.T) {
	event := []byte(strings.Repeat("data:1\n", 1<<20) + "\n")
	u := ofTheField(t)
	url := server(t, func(c net.Conn) { saying(sseHead)(c); _, _ = c.Write(event) })
	before := taken()
	r := u.field(url, "field")
	assert.Equal(t, "malformed", r.Outcome)
	assert.Contains(t, r.Error, "not separated")
	assert.Less(t, taken()-before, uint64(20<<20))
}
