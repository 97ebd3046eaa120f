package sse

import (
	"compress/gzip"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

func TestHTTP2IsSpokenWhereHTTP1IsRefused(t *testing.T) {
	steps := make(chan struct{})
	srv := newer(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Add("X-Said", r.Host+" "+strings.ReplaceAll(r.Header.Get("Authorization"), "bWU6cHc=", "as given")+" "+r.URL.RequestURI())
		w.Header().Add("X-Said", itoa(len(body))+" ("+r.Header.Get("User-Agent")+")")
		for _, text := range []string{role, token, token + token, finished + usageEnd + doneEnd} {
			_, _ = io.WriteString(w, text)
			w.(http.Flusher).Flush()
			<-steps
		}
	})
	root := New()
	u := newVU(t, root, oneSecond)
	go func() {
		for {
			select {
			case steps <- struct{}{}:
				time.Sleep(20 * time.Millisecond) // so that the pieces are read apart
			case <-t.Context().Done():
				return
			}
		}
	}()
	// over the first windows of the stream and of the connection
	large := `'` + strings.Repeat("0123456789", 200_000) + `'`
	for i := range 3 {
		r := u.stream(strings.Replace(srv.URL, "https://", "https://me:pw@", 1)+"/v1/x?y=1", `{headers: {Host: 'gateway'}, body: `+large+`}`)
		require.Equal(t, "ok", r.Outcome, r.Error)
		assert.Equal(t, "HTTP/2.0", r.Protocol)
		assert.Equal(t, 200, r.Status)
		assert.Equal(t, "gateway Basic as given /v1/x?y=1, 2000000 ()", r.Headers["x-said"])
		assert.Equal(t, "hi hi hi ", r.Text)
		assert.Equal(t, i > 0, r.Reused)
		assert.Equal(t, []int{6 + 1, 3, 2}, []int{r.Events, r.ContentEvents, r.Reads}, "two events came in one read")
		assert.Equal(t, r.Offsets[1], r.Offsets[2])
		assert.IsNonDecreasing(t, []float64{0, r.TTFB, r.FirstChunk, r.TTFT, r.Offsets[1], r.E2E, r.End})
		assert.Greater(t, r.Offsets[1], r.Offsets[0])
		assert.True(t, r.Done)
	}
	s := u.snapshot().Instrument
	if root.conns.Machinery().Clock == "kernel" {
		assert.Equal(t, wire.ReadClockView{HTTP2: 3}, s.ReadClock)
	}
	assert.Zero(t, s.ReadDelay.Count)
}

func TestHTTP1IsSpokenWhereBothAre(t *testing.T) {
	srv := httptest.NewUnstartedServer(telling(good, orderly))
	srv.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	srv.StartTLS()
	defer srv.Close()
	u := newVU(t, New(), oneSecond)
	r := u.stream(srv.URL, `{}`)
	assert.Equal(t, []string{"ok", "HTTP/1.1"}, []string{r.Outcome, r.Protocol}, r.Error)
	assert.Zero(t, u.snapshot().Instrument.ReadClock)
}

func TestHTTP2CanBeForced(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	both := httptest.NewUnstartedServer(telling(good, orderly))
	both.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	both.EnableHTTP2 = true
	both.StartTLS()
	defer both.Close()
	old := httptest.NewUnstartedServer(telling(good, orderly))
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.StartTLS()
	defer old.Close()
	u := newVU(t, New(), oneSecond)
	r := u.stream(both.URL, `{}`)
	assert.Equal(t, []string{"ok", "HTTP/2.0"}, []string{r.Outcome, r.Protocol}, r.Error)
	assert.Equal(t, "connect", u.stream(old.URL, `{}`).Outcome)
	assert.Equal(t, "HTTP/1.1", u.stream(server(t, saying(sseHead+good)), `{}`).Protocol, "without TLS there is no choice")
}

func TestGzipOverHTTP2(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	r := u.stream(newer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, good)
		_ = z.Close()
	}).URL, `{}`)
	assert.Equal(t, []string{"ok", "hi hi "}, []string{r.Outcome, r.Text}, r.Error)
	if u.v.root.conns.Machinery().Clock == "kernel" {
		assert.Equal(t, wire.ReadClockView{HTTP2: 1}, u.snapshot().Instrument.ReadClock)
	}
}

func TestStaleHTTP2ConnectionIsReplaced(t *testing.T) {
	t.Setenv("K6_SSE_HTTP2", "1")
	gone := make(chan struct{}, 10)
	url := frames(t, func(c net.Conn, f *http2.Framer, stream uint32) { // serves one request, then goes
		begin(f, stream, good)
		_ = f.WriteData(stream, true, nil)
		_ = f.WriteGoAway(stream, http2.ErrCodeNo, nil)
		_ = c.(*tls.Conn).CloseWrite()
		_, _ = io.Copy(io.Discard, c) // closing with something unread would be a reset
		gone <- struct{}{}
	})
	u := newVU(t, New(), oneSecond)
	for range 3 {
		r := u.stream(url, `{}`)
		assert.Equal(t, "ok", r.Outcome, r.Error)
		assert.False(t, r.Reused)
		<-gone
	}
	assert.EqualValues(t, 3, u.snapshot().Started)
}

func TestNothingIsLeftOfHTTP2(t *testing.T) {
	happy, stalling, mute := newer(t, telling(good, orderly)), newer(t, telling(token, stall)), newer(t, silent)
	root := New()
	newVU(t, root, oneSecond).v.enter() // what is begun once for all
	goroutines, open := runtime.NumGoroutine(), testkit.Descriptors(t)
	const forever = `timeouts: {first: 0, idle: 0, total: 0}`
	for _, blocking := range []*httptest.Server{stalling, mute} {
		var users []*testVU
		for range 4 {
			users = append(users, newVU(t, root, oneSecond))
		}
		var wg sync.WaitGroup
		for _, u := range users {
			wg.Go(func() {
				for range 3 {
					assert.Equal(t, "ok", u.stream(happy.URL, `{}`).Outcome)
				}
				assert.Equal(t, "cancelled", u.stream(stalling.URL, `{cancelAfter: {events: 1}}`).Outcome)
				timer := time.AfterFunc(50*time.Millisecond, u.cancel)
				defer timer.Stop()
				began := time.Now()
				assert.Equal(t, "interrupted", u.stream(blocking.URL, `{`+forever+`}`).Outcome)
				assert.Less(t, time.Since(began), soon)
			})
		}
		wg.Wait()
		testkit.NoMoreThan(t, goroutines, open)
	}
}
