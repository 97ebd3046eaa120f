package sse

import (
	"bufio"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// badAnswers are all the kinds of bad answers and connections that other tests judge one by one.
func badAnswers(t *testing.T) map[string]func(net.Conn) {
	all := map[string]func(net.Conn){
		"a good one":                  keptGood,
		"reset at once":               func(c net.Conn) { request(bufio.NewReader(c)); reset(c) },
		"closed at once":              func(c net.Conn) { request(bufio.NewReader(c)) },
		"closed before it is asked":   func(net.Conn) {},
		"bytes after each answer":     func(c net.Conn) { keptGood(c); _, _ = io.WriteString(c, "HTTP/1.1 408 No\r\n\r\n") },
		"reset within an event":       then(sseHead+token+"data: {", reset),
		"silent":                      untilGone,
		"silent after a token":        then(sseHead+token, untilGone),
		"left open after its end":     then(sseHead+good, untilGone),
		"no HTTP":                     saying("SSH-2.0-OpenSSH_9.6\r\n"),
		"speaks before it is asked":   func(c net.Conn) { _, _ = io.WriteString(c, sseHead+good); untilGone(c) },
		"comments for ever":           endlessly(sseHead, []byte(": ping\n\n")),
		"broken chunks":               saying("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
		"ends before its length":      saying("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\n" + good),
		"an error with a large page":  saying(sized("500 No", "text/html", strings.Repeat("x", 2<<20))),
		"headers without end":         endlessly("HTTP/1.1 200 OK\r\n", []byte("X: y\r\n")),
		"nested without end":          saying(sseHead + "data: " + strings.Repeat("[", 1<<20) + "\n\n"),
		"what is no gzip but says so": saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/event-stream\r\n\r\n" + good),
	}
	files, err := filepath.Glob("testdata/field-cases/*.txt")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		answer := readFieldCase(string(text))
		for i := range answer.pauses {
			answer.pauses[i] = min(answer.pauses[i], 5*time.Millisecond)
		}
		all[filepath.Base(file)] = answer.answer
	}
	for story, flood := range floods {
		all[story] = endlessly(flood.head, flood.repeated)
	}
	return all
}

func keptGood(c net.Conn) {
	if request(bufio.NewReader(c)) {
		_, _ = io.WriteString(c, sized("200 OK", "text/event-stream", good))
	}
}

// After each kind of bad answer, given to several users at once, the books balance, and sockets, goroutines and memory
// are what they were before.
func TestNothingIsLeftOfAnyBadAnswer(t *testing.T) {
	answers := badAnswers(t)
	require.Greater(t, len(answers), 40)
	root := New()
	var vus []*testVU
	for range 4 {
		u := newVU(t, root, "")
		u.run(`sse.configure({metrics, slotSeconds: 1, gapSamples: 1, bounds: {event: 1, document: 1, unpacked: 2, contents: 5000, memory: 32}})`)
		u.rt.MoveToVUContext(u.state)
		u.v.enter() // what is begun once for all
		vus = append(vus, u)
	}
	stories := slices.Sorted(maps.Keys(answers))
	before := uint64(0)
	for i, story := range append(stories[:3:3], stories...) { // the first few show what is held ever after
		if i == 3 {
			before = held()
		}
		goroutines, open := runtime.NumGoroutine(), testkit.Descriptors(t)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		stopped := make(chan struct{})
		go serveUntilClosed(l, answers[story], stopped)
		started := vus[0].snapshot().Started
		var calls sync.WaitGroup
		for i, u := range vus {
			calls.Go(func() {
				expect := []string{`{}`, `{expect: 'json', output: true}`}[i%2]
				u.run(`for (let i = 0; i < 2; i++)
						get('http://` + l.Addr().String() + `', Object.assign({timeouts: {first: 50, idle: 50, total: 150}}, ` + expect + `)).settle()`)
			})
		}
		calls.Wait()
		s := vus[0].snapshot()
		assert.EqualValues(t, 2*len(vus), s.Started-started, story)
		assert.Equal(t, s.Started, s.Finished+s.Failed+s.Interrupted, story)
		assert.Zero(t, s.Open+s.Lost+s.Instrument.Faults.Count, story)
		assert.Zero(t, root.load.budget.used.Load(), "%s: all of the memory was given back", story)
		root.conns.CloseIdle()
		_ = l.Close()
		<-stopped
		testkit.NoMoreThan(t, goroutines, open)
	}
	const spare = 8 << 20 // histograms of outcomes that had not come before
	assert.Less(t, held(), before+spare, "memory is as before")
}

// held is what this process holds in its heap.
func held() uint64 {
	runtime.GC()
	runtime.GC() // what a finalizer let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// serveUntilClosed serves until the listener is closed and all that was served has ended.
func serveUntilClosed(l net.Listener, serve func(net.Conn), stopped chan<- struct{}) {
	defer close(stopped)
	var serving sync.WaitGroup
	defer serving.Wait()
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		serving.Go(func() { defer func() { _ = c.Close() }(); serve(c) })
	}
}
