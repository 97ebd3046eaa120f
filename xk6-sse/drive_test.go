package sse

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// byByte is a listener whose connections send each byte on its own, so that reads end everywhere.
type byByte struct{ net.Listener }

func (l byByte) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return slow{c}, err
}

type slow struct{ net.Conn }

func (c slow) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := c.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
		time.Sleep(100 * time.Microsecond) // the server's pace: slow enough for a read in between
	}
	return len(p), nil
}

// A driven read ends wherever the bytes end, and goes on from there with the next: in a chunk's size, in an event, in a
// TLS record, in the trailers.
func TestDrivenReadsGoOnWhereTheBytesEnded(t *testing.T) {
	events := []string{role, token, token, finished, doneEnd}
	for name, secure := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "text/event-stream")
				w.Header().Set("Trailer", "X-Cost")
				for _, event := range events {
					_, _ = io.WriteString(w, event)
					w.(http.Flusher).Flush()
				}
				w.Header().Set("X-Cost", "0.01")
			}))
			srv.Listener = byByte{srv.Listener}
			if secure {
				srv.StartTLS()
			} else {
				srv.Start()
			}
			defer srv.Close()
			root := New()
			u := newVU(t, root, oneSecond)
			for i := range 2 {
				r := u.stream(srv.URL, `{}`)
				assert.Equal(t, "ok", r.Outcome, r.Error)
				assert.Equal(t, i > 0, r.Reused, "the trailers are read to their end")
				assert.Equal(t, "hi hi ", r.Text)
				assert.Equal(t, []int{len(events), 2}, []int{r.Events, r.ContentEvents})
				assert.IsNonDecreasing(t, append([]float64{0, r.TTFB, r.FirstChunk, r.TTFT}, r.Offsets...))
			}
			if root.conns.Machinery().Clock == "kernel" {
				assert.Greater(t, int(u.snapshot().Instrument.ReadDelay.Count), 500, "it was read in pieces")
			}
		})
	}
}

// Two events of one read may have come apart when the read was late; of a read in time they came together.
func TestEventsOfALateReadAreCountedAsShared(t *testing.T) {
	s := &wire.Stamps{Reads: 1, Late: wire.LateRead + 1}
	x := &exchange{u: &user{}, r: &Record{ttft: -1}, p: &params{}, c: &wire.Conn{Stamps: s}, bounds: &bounds{}}
	x.says(1, 1)
	assert.Zero(t, x.r.lateShared, "the first of a read shares nothing")
	x.says(1, 1)
	assert.EqualValues(t, 1, x.r.lateShared)
	s.Reads, s.Late = 2, wire.LateRead
	x.says(1, 2)
	x.says(1, 2)
	assert.EqualValues(t, 1, x.r.lateShared)
	assert.EqualValues(t, 2, x.r.reads)
}
