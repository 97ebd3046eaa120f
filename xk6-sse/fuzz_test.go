package sse

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/lib"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// replay is a connection that brings an answer in these pieces, whatever is asked of it.
type replay struct {
	net.Conn
	left [][]byte
}

func (c *replay) Read(p []byte) (int, error) {
	for len(c.left) > 0 && len(c.left[0]) == 0 {
		c.left = c.left[1:]
	}
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.left[0])
	c.left[0] = c.left[0][n:]
	return n, nil
}

func (*replay) Write(p []byte) (int, error)      { return len(p), nil }
func (*replay) SetDeadline(time.Time) error      { return nil }
func (*replay) SetReadDeadline(time.Time) error  { return nil }
func (*replay) SetWriteDeadline(time.Time) error { return nil }
func (*replay) Close() error                     { return nil }

// once is a dialer that has one connection to give.
type once struct {
	lib.DialContexter
	conn net.Conn
}

func (d *once) DialContext(context.Context, string, string) (net.Conn, error) {
	if d.conn == nil {
		return nil, errors.New("nobody is there")
	}
	c := d.conn
	d.conn = nil
	return c, nil
}

// heard is all of a record that must not depend on how the bytes were split.
type heard struct {
	outcome                                    outcome.Outcome
	err, text, finish, body                    string
	status                                     int
	done                                       bool
	events, contentEvents, bytes, said, hidden int64
	tokens                                     [5]float64
	remarks                                    []string
}

// listener replays answers to one VU.
type listener struct {
	u                *testVU
	stream, document *prepared
}

func newListener(t testing.TB) *listener {
	u := newVU(t, New(), "")
	u.run(`sse.configure({metrics, slotSeconds: 1, gapSamples: 1, bounds: {event: 0.125, document: 0.25, unpacked: 0.5, contents: 2000, memory: 1}})`)
	u.rt.MoveToVUContext(u.state)
	u.run(realPaths(t))
	prepared := func(params string) *prepared {
		return u.run(`sse.prepare('http://fuzz', Object.assign({timeouts: {first: 0, idle: 0, total: 0}, tags: {}}, ` + params + `))`).Export().(*prepared)
	}
	u.v.enter()
	u.v.own.bind(u.v.vu.Context())
	return &listener{
		u: u, stream: prepared(`{expect: 'stream', paths: real.openaiPaths}`),
		document: prepared(`{expect: 'json', output: true, paths: real.documentPaths, count: 'data.#'}`),
	}
}

// hear plays an answer in these pieces and checks what must hold of every record.
func (l *listener) hear(t *testing.T, plain bool, pieces ...[]byte) heard {
	t.Helper()
	q := l.stream
	if plain {
		q = l.document
	}
	v := l.u.v
	l.u.state.Dialer = &once{conn: &replay{left: pieces}}
	x := v.exchange(v.own, v.vu.Context(), l.u.state, q, nil, nil, math.NaN())
	x.run()
	v.root.conns.CloseIdle()
	r := x.r
	h := heard{
		outcome: r.outcome, err: r.err, text: r.text, finish: r.finish, body: string(r.document), status: r.status, done: r.done,
		events: r.events, contentEvents: r.contentEvents, bytes: r.bytes, said: r.saidBytes, hidden: r.reasoningBytes,
		tokens: [5]float64{r.promptTokens, r.completionTokens, r.reasoningTokens, r.cachedTokens, r.counted},
	}
	for _, told := range r.remarks {
		h.remarks = append(h.remarks, told.Remark)
	}
	sound(t, r, plain)
	v.returned(r, nil)
	r.settle(r.measured(nil))
	l.u.pushed()
	require.Zero(t, v.load.budget.used.Load(), "the memory was given back")
	return h
}

// sound checks what holds of every record, whatever the answer.
func sound(t *testing.T, r *Record, plain bool) {
	t.Helper()
	faults := r.v.load.faults.View()
	require.Zero(t, faults.Count, faults.First)
	require.Contains(t, outcome.All, r.outcome)
	require.Equal(t, r.outcome == outcome.OK || r.outcome == outcome.Cancelled, r.err == "", r.err)
	require.True(t, utf8.ValidString(r.err) && utf8.ValidString(r.text))
	require.LessOrEqual(t, len(r.document), shownLimit)
	require.LessOrEqual(t, r.contentEvents, int64(2001))
	require.Len(t, r.offsets, int(min(r.contentEvents, 2000)))
	require.True(t, slices.IsSorted(r.offsets))
	if r.outcome == outcome.OK && !plain {
		require.Positive(t, r.contentEvents)
		require.NotEmpty(t, r.finish)
	}
	for _, tokens := range []float64{r.promptTokens, r.completionTokens, r.reasoningTokens, r.cachedTokens, r.counted} {
		require.True(t, tokens >= -1 && tokens <= 2*mostTokens, tokens)
	}
	for _, f := range figures {
		value := f.of(r)
		require.False(t, math.IsNaN(value) || math.IsInf(value, 0))
	}
}

// taken is how much memory was ever taken.
func taken() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func fieldSeeds(t testing.TB) (all [][]byte) {
	files, err := filepath.Glob("testdata/field-cases/*.txt")
	require.NoError(t, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		all = append(all, readFieldCase(string(text)).bytes())
	}
	zip := func(head, body string) string {
		return strings.Replace(head, "\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n", 1) + string(zipped([]byte(body), 1))
	}
	for _, text := range []string{
		sseHead + good, chunked(good, "0\r\nX-Trailer: 1\r\n\r\n"), chunked(good, ""), chunked(hi, "zz\r\n"), sized("200 OK", "text/event-stream", good),
		sized("200 OK", "application/json", `{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1e400,"completion_tokens":-3}}`),
		sized("200 OK", "application/json", `{"data":[[1],[2]]}`), sized("401 No", "application/json", `{"error":{"message":"no key"}}`), "HTTP/1.1 103 Early\r\n\r\n" + sseHead + good,
		zip(sseHead, good), zip(sseHead, strings.Repeat(": x\n\n", 1<<17)), zip(sseHead, strings.Repeat("y", 1<<18)), zip(jsonHead, `{"choices":[{"message":{"content":"hi"}}]}`),
		sseHead + hi + "event: error\r\ndata: {\"message\":\"x\"}\r\n\r\n", sseHead + "\xef\xbb\xbfdata: " + strings.Repeat("[", 1500) + "\r\r" + hi + stop,
		"HTTP/1.0 200 OK\n\ndata: {}\n\n", "HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: https://x/\r\n\r\n",
		sseHead + delta(`"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"},"b"]`) + stop + usageEvent(`"prompt_tokens":7,"completion_tokens":1e9,"completion_tokens_details":{"reasoning_tokens":1e9}`),
	} {
		all = append(all, []byte(text))
	}
	return all
}

// Whatever a target sends: it ends, in an outcome, within a bounded memory, without a panic, with numbers that are
// numbers; and all of it is the same however the bytes are split.
func FuzzWholeAnswers(f *testing.F) {
	for _, seed := range fieldSeeds(f) {
		f.Add(seed, uint16(30), uint16(7), false)
		f.Add(seed, uint16(100), uint16(1), true)
	}
	l := newListener(f)
	f.Fuzz(func(t *testing.T, in []byte, a, b uint16, plain bool) {
		before := taken()
		whole := l.hear(t, plain, append([]byte(nil), in...))
		// the parts of gjson and the samples cost some; the bounds are 1 MiB in all
		require.Less(t, taken()-before, uint64(24<<20+256*len(in)), "memory for %d bytes", len(in))
		if len(in) >= wire.ReadSize { // a head's or a chunk's line may be as long as the buffer, and where it is cut then decides
			return
		}
		i := int(a) % (len(in) + 1)
		j := i + int(b)%(len(in)-i+1)
		parts := append([]byte(nil), in...)
		assert.Equal(t, whole, l.hear(t, plain, parts[:i], parts[i:j], parts[j:]), "split at %d and %d", i, j)
		if len(in) > 2000 {
			return
		}
		single := append([]byte(nil), in...)
		bytes := make([][]byte, len(in))
		for k := range single {
			bytes[k] = single[k : k+1]
		}
		assert.Equal(t, whole, l.hear(t, plain, bytes...), "byte by byte")
	})
}
