package sse

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

// keeping answers every request on a connection and counts the connections.
func keeping(connections *atomic.Int64, answer string) func(net.Conn) {
	return func(c net.Conn) {
		connections.Add(1)
		for r := bufio.NewReader(c); request(r); {
			_, _ = io.WriteString(c, answer)
		}
	}
}

func TestConnectionsAreReused(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		want   int64
	}{
		"chunked":            {chunked(good, "0\r\n\r\n"), 1},
		"sized":              {sized("200 OK", "text/event-stream", good), 1},
		"an error":           {sized("500 No", "text/plain", "x"), 1},
		"asked to close":     {strings.Replace(sized("200 OK", "text/event-stream", good), "\r\n", "\r\nConnection: close\r\n", 1), 5},
		"more than it said":  {sized("200 OK", "text/event-stream", good) + "extra", 5},
		"an error too large": {sized("500 No", "text/plain", strings.Repeat("x", 2<<20)), 5},
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int64
			url := server(t, keeping(&connections, c.answer))
			u := newVU(t, New(), oneSecond)
			for i := range 5 {
				r := u.stream(url, `{}`)
				assert.Equal(t, i > 0 && c.want == 1, r.Reused)
				assert.Equal(t, r.Reused, r.Connect == 0)
			}
			assert.Equal(t, c.want, connections.Load())
		})
	}
}

func TestApartUsesNoConnectionOfTheOthersAndLeavesNone(t *testing.T) {
	var connections atomic.Int64
	url := server(t, keeping(&connections, sized("200 OK", "text/event-stream", good)))
	u := newVU(t, New(), oneSecond)
	assert.False(t, u.stream(url, `{}`).Reused)
	u.pushed()
	assert.False(t, u.stream(url, `{apart: true, probe: true}`).Reused)
	assert.Empty(t, u.pushed(), "it is no request of the load, for k6 neither")
	assert.Equal(t, 1, u.v.root.conns.Idle(), "its own is closed")
	assert.True(t, u.stream(url, `{}`).Reused, "the first is still there")
	assert.EqualValues(t, 2, connections.Load())
}

func TestCancelledConnectionIsNotReused(t *testing.T) {
	var connections atomic.Int64
	url := server(t, keeping(&connections, chunked(strings.Repeat(token, 9), "0\r\n\r\n")))
	u := newVU(t, New(), oneSecond)
	for range 3 {
		assert.Equal(t, "cancelled", u.stream(url, `{cancelAfter: {events: 1}}`).Outcome)
	}
	assert.EqualValues(t, 3, connections.Load())
}

func TestStaleConnectionIsReplaced(t *testing.T) {
	for name, end := range map[string]func(net.Conn){"closed": func(net.Conn) {}, "reset": reset} {
		t.Run(name, func(t *testing.T) {
			closed := make(chan struct{}, 10)
			url := server(t, func(c net.Conn) { // serves one request, then goes
				saying(sized("200 OK", "text/event-stream", good))(c)
				end(c)
				_ = c.Close()
				closed <- struct{}{}
			})
			u := newVU(t, New(), oneSecond)
			for range 3 {
				r := u.stream(url, `{}`)
				assert.Equal(t, "ok", r.Outcome, r.Error)
				assert.False(t, r.Reused)
				<-closed
			}
			s := u.snapshot()
			assert.EqualValues(t, 3, s.Started)
		})
	}
}

func TestServerThatNeverAnswersIsAskedOnce(t *testing.T) {
	var connections atomic.Int64
	url := server(t, func(c net.Conn) {
		connections.Add(1)
		request(bufio.NewReader(c))
	})
	u := newVU(t, New(), oneSecond)
	assert.Equal(t, "reset", u.stream(url, `{}`).Outcome)
	assert.EqualValues(t, 1, connections.Load())
}

func TestTLSIsStampedBelow(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, good)
	}))
	defer srv.Close()
	root := New()
	u := newVU(t, root, oneSecond)
	first, second := u.stream(srv.URL, `{}`), u.stream(srv.URL, `{}`)
	assert.Equal(t, "ok", first.Outcome, first.Error)
	assert.Positive(t, first.Connect)
	assert.True(t, second.Reused)
	assert.IsNonDecreasing(t, []float64{0, second.TTFB, second.TTFT, second.E2E, second.End})
	if root.conns.Machinery().Clock == "kernel" {
		assert.Positive(t, u.snapshot().Instrument.ReadDelay.Count)
	}

	u.state.TLSConfig = &tls.Config{} // the same without insecureSkipTLSVerify
	other := newVU(t, New(), "")      // connections are shared by all VUs, whose settings are the same
	other.rt.MoveToVUContext(u.state)
	refused := other.stream(srv.URL, `{}`)
	assert.Equal(t, "connect", refused.Outcome)
	assert.Contains(t, refused.Error, "certificate")
}

// blocking are the calls that a VU can be blocked in.
func blocking(t *testing.T) map[string]string {
	silent := server(t, untilGone)
	stalling := server(t, then(sseHead+token, untilGone))
	noTLS := strings.Replace(server(t, untilGone), "http", "https", 1)
	forever := `timeouts: {first: 0, idle: 0, total: 0}`
	return map[string]string{
		"waiting for the answer":    `get('` + silent + `', {` + forever + `}).outcome`,
		"in the middle of a stream": `get('` + stalling + `', {` + forever + `}).outcome`,
		"in the TLS handshake":      `get('` + noTLS + `', {` + forever + `}).outcome`,
		"waiting for an arrival":    recording("1") + `seen.length <= 1 ? 'interrupted' : 'no'`,
	}
}

func TestInterruption(t *testing.T) {
	for name, call := range blocking(t) {
		t.Run(name, func(t *testing.T) {
			u := newVU(
				t,
				New(),
				`{arrivals: 'constant', seed: 1, segments: [{phase: 'a', from: 0.01, to: 0.01, seconds: 1000}]}`,
			)
			timer := time.AfterFunc(50*time.Millisecond, u.cancel)
			defer timer.Stop()
			began := time.Now()
			assert.Equal(t, "interrupted", u.run(call).String())
			assert.Less(t, time.Since(began), soon)
			s := u.snapshot()
			assert.Equal(t, s.Started, s.Interrupted)
			assert.Zero(t, s.Open)
			assert.Zero(t, u.run(recording("1")+`seen.length`).ToInteger(), "the test has stopped")
			var booked float64
			for _, sample := range u.pushed() {
				if sample.Metric.Name == "llm_interrupted" {
					booked += sample.Value
				}
			}
			assert.EqualValues(t, s.Interrupted, booked)
		})
	}
}

func TestSettlingAnInterruptedRequestDoesNothing(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	time.AfterFunc(20*time.Millisecond, u.cancel)
	u.run(`get('` + server(t, untilGone) + `', {}).settle({llm_ttft: 1})`)
	s := u.snapshot()
	assert.EqualValues(t, 1, s.Interrupted)
	assert.Zero(t, s.Finished)
}

func TestNothingIsLeft(t *testing.T) {
	var connections atomic.Int64
	url := server(t, keeping(&connections, chunked(good, "0\r\n\r\n")))
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	root := New()
	newVU(t, root, oneSecond).v.enter() // what is begun once for all
	goroutines, open := runtime.NumGoroutine(), testkit.Descriptors(t)
	for range 3 {
		var users []*testVU
		for range 8 {
			users = append(users, newVU(t, root, oneSecond))
		}
		var wg sync.WaitGroup
		for i, u := range users {
			wg.Go(func() {
				u.stream(url, `{}`)
				u.stream(secure.URL, `{}`)
				u.stream(url, fmt.Sprintf(`{cancelAfter: {events: %d}}`, i%2))
			})
		}
		wg.Wait()
		for _, u := range users {
			u.cancel()
		}
		testkit.NoMoreThan(t, goroutines, open)
	}
	assert.Positive(t, connections.Load())
}

func TestIdleConnectionIsTakenOverByTheNextIteration(t *testing.T) {
	var connections atomic.Int64
	url := server(t, keeping(&connections, chunked(good, "0\r\n\r\n")))
	u := newVU(t, New(), oneSecond)
	u.stream(url, `{}`)
	u.cancel()
	u.rt.VU.CtxField = t.Context() // k6 makes a new context for each iteration
	assert.True(t, u.stream(url, `{}`).Reused)
	require.EqualValues(t, 1, connections.Load())
}
