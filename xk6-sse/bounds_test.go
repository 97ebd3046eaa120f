package sse

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endlessly answers with a head and then with the same bytes until the client hangs up.
func endlessly(head string, repeated []byte) func(net.Conn) {
	return func(c net.Conn) {
		if !request(bufio.NewReader(c)) {
			return
		}
		if _, err := io.WriteString(c, head); err != nil {
			return
		}
		for {
			if _, err := c.Write(repeated); err != nil {
				return
			}
		}
	}
}

func zipped(text []byte, times int) []byte {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for range times {
		_, _ = z.Write(text)
	}
	_ = z.Close()
	return packed.Bytes()
}

const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

var floods = map[string]struct {
	head     string
	repeated []byte
	call     string
	limit    string // of the smallest bound
}{
	"an endless line":         {sseHead, bytes.Repeat([]byte("x"), 64<<10), "field", "EVENT_LIMIT"},
	"an endless data line":    {sseHead + "data: ", bytes.Repeat([]byte("x"), 64<<10), "field", "EVENT_LIMIT"},
	"an endless event":        {sseHead, bytes.Repeat([]byte("data: x\n"), 8<<10), "field", "EVENT_LIMIT"},
	"an endless name":         {sseHead + "event: ", bytes.Repeat([]byte("x"), 64<<10), "field", "EVENT_LIMIT"},
	"a token flood":           {sseHead, bytes.Repeat([]byte(hi), 1000), "field", "CONTENT_LIMIT"},
	"a flood of large tokens": {sseHead, []byte(delta(`"content":"` + strings.Repeat("x", 32<<10) + `"`)), "field", "CONTENT_LIMIT"},
	"an endless document":     {jsonHead, bytes.Repeat([]byte("[1,"), 20<<10), "plainField", "DOCUMENT_LIMIT"},
	"a document of a stream":  {jsonHead, bytes.Repeat([]byte("[1,"), 20<<10), "field", "DOCUMENT_LIMIT"},
	"a gzip bomb of a line":   {strings.Replace(sseHead, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1), zipped(bytes.Repeat([]byte("x"), 1<<20), 200), "field", "EVENT_LIMIT"},
	"a gzip bomb of comments": {strings.Replace(sseHead, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1), zipped(bytes.Repeat([]byte(": \n\n"), 1<<18), 200), "field", "UNPACKED_LIMIT"},
	"a gzip bomb document":    {strings.Replace(jsonHead, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1), zipped(bytes.Repeat([]byte(" "), 1<<20), 200), "plainField", "DOCUMENT_LIMIT"},
}

// largeEvents are made when they are needed: as fixtures they would be most of the memory that is judged.
var largeEvents = map[string]func() string{
	"large reasons to finish": func() string {
		return `data: {"choices":[{"delta":{"content":"x"},"finish_reason":"` + strings.Repeat("x", 15<<20) + `"}]}` + "\n\n"
	},
	"large events around a word": func() string {
		return `data: {"padding":"` + strings.Repeat("x", 15<<20) + `","choices":[{"delta":{"content":"x"}}]}` + "\n\n"
	},
	"large texts with escapes": func() string { return delta(`"content":"` + strings.Repeat(`\n`, 7<<20) + `"`) },
	"large errors": func() string {
		return hi + `data: {"error":{"message":"` + strings.Repeat(`\u00e9`, 2<<20) + `"}}` + "\n\n"
	},
	"large figures":            func() string { return hi + usageEvent(`"prompt_tokens":"`+strings.Repeat(`\t`, 7<<20)+`"`) },
	"large lines of one event": func() string { return strings.Repeat("data: "+strings.Repeat(" ", 4<<20)+"\n", 3) + "\n" },
}

// 300 MB without a line end took 1.97 GB for one user.
func TestAnswerBeyondABoundNamesTheBoundAndHowToChangeIt(t *testing.T) {
	for story, flood := range floods {
		t.Run(story, func(t *testing.T) {
			u := newVU(t, New(), "")
			u.run(`sse.configure({metrics, slotSeconds: 1, gapSamples: 1, bounds: {event: 1, document: 1, unpacked: 2, contents: 5000, memory: 32}})`)
			u.rt.MoveToVUContext(u.state)
			u.run(realPaths(t) + `
const field = (url) => get(url, {paths: real.openaiPaths});
const plainField = (url) => get(url, {expect: 'json', output: true, paths: real.documentPaths});`)
			r := u.field(server(t, endlessly(flood.head, flood.repeated)), flood.call)
			assert.Equal(t, "malformed", r.Outcome)
			assert.Contains(t, r.Error, "the limit that "+flood.limit+" sets")
			assert.Less(t, r.End, 8000.0)
			assert.LessOrEqual(t, len(r.Body), shownLimit)
			assert.LessOrEqual(t, len(r.Text), shownLimit)
			u.run(`0`) // the record is gone
		})
	}
}

func TestBoundsOfAScriptAreChecked(t *testing.T) {
	for _, wrong := range []string{`{event: -1}`, `{memory: 1e9}`, `{contents: -5}`} {
		u := newVU(t, New(), "")
		_, err := u.rt.VU.RuntimeField.RunString(`sse.configure({metrics, slotSeconds: 1, gapSamples: 1, bounds: ` + wrong + `})`)
		require.ErrorContains(t, err, "bounds.", wrong)
	}
}

// resident is what this process holds in memory now.
func resident(t testing.TB) int64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc: resident memory cannot be read")
	}
	var size, pages int64
	_, err = fmt.Sscan(string(raw), &size, &pages)
	require.NoError(t, err)
	return pages * int64(os.Getpagesize())
}

// Fifty users at once against each flood, with the bounds as they are by default. Beside other programs it once took 407
// MB: what had been given back waited for the runtime's own turn, and one event was held twice.
func TestMemoryStaysBoundedWithFiftyUsersAgainstEachFlood(t *testing.T) {
	const users, most, spare = 50, 400 << 20, 16 << 20
	for _, story := range []string{
		"an endless line", "an endless event", "a token flood", "an endless document", "a gzip bomb of a line", "a gzip bomb document",
		"large reasons to finish", "large events around a word", "large texts with escapes", "large errors", "large figures",
		"large lines of one event",
	} {
		flood := floods[story]
		t.Run(story, func(t *testing.T) {
			if large := largeEvents[story]; large != nil {
				flood.head, flood.call, flood.repeated = sseHead, "field", []byte(large())
			}
			debug.FreeOSMemory()
			before, heap := resident(t), held()
			var peak atomic.Int64
			done := make(chan struct{})
			var watching sync.WaitGroup
			watching.Go(func() {
				for {
					peak.Store(max(peak.Load(), resident(t)))
					select {
					case <-done:
						return
					case <-time.After(2 * time.Millisecond):
					}
				}
			})
			u := newVU(t, New(), `{arrivals: 'closed', seed: 1, segments: [{phase: 'only', from: 0, to: 0, seconds: 0.5}]}`)
			url := server(t, endlessly(flood.head, flood.repeated))
			u.run(realPaths(t) + `
const outcomes = {};
const prepared = sse.prepare('` + url + `', '` + flood.call + `' === 'field' ? {expect: 'stream', paths: real.openaiPaths, timeouts: {first: 1000, idle: 1000, total: 1500}, tags: {}} :
	{expect: 'json', output: true, paths: real.documentPaths, timeouts: {first: 1000, idle: 1000, total: 1500}, tags: {}});
sse.serve(` + fmt.Sprint(users) + `, () => ({prepared, body: '{}'}), (r) => { outcomes[r.outcome] = (outcomes[r.outcome] ?? 0) + 1; r.settle(); })`)
			close(done)
			watching.Wait()
			s := u.snapshot()
			balanced(t, s)
			assert.Zero(t, s.Open)
			assert.GreaterOrEqual(t, s.Failed, int64(users))
			assert.Zero(t, u.v.load.budget.used.Load(), "all of it was given back")
			t.Logf("%d requests, %d MB before, %d MB at most; %s", s.Failed, before>>20, peak.Load()>>20, u.run(`JSON.stringify(outcomes)`))
			assert.Less(t, peak.Load(), int64(most))
			assert.Less(t, held(), heap+spare, "users who wait for their next arrival hold nothing of the last answer")
			assert.EqualValues(t, math.MaxInt64, debug.SetMemoryLimit(-1), "the runtime has its own limit again")
			runtime.KeepAlive(u)
		})
	}
}
