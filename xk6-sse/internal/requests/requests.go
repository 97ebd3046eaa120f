// Package requests writes a record of each request into a file while the load runs, without holding anybody up.
package requests

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
)

// waiting is how many records may wait for the disk; those beyond are counted as left out.
const waiting = 1 << 16

// Entry is one request. Times are ms, those of the schedule from the load's start, the others from the sending; what
// did not happen is absent.
type Entry struct {
	Due              *float64          `json:"due_ms,omitempty"`
	Sent             *float64          `json:"sent_ms,omitempty"`
	Connect          float64           `json:"connect_ms"`
	FirstByte        *float64          `json:"first_byte_ms,omitempty"`
	TTFT             *float64          `json:"ttft_ms,omitempty"`
	E2E              *float64          `json:"e2e_ms,omitempty"`
	End              *float64          `json:"end_ms,omitempty"`
	Outcome          string            `json:"outcome"`
	Status           int               `json:"status,omitempty"`
	PromptTokens     *float64          `json:"prompt_tokens,omitempty"`
	CompletionTokens *float64          `json:"completion_tokens,omitempty"`
	RequestID        string            `json:"request_id,omitempty"`
	TraceID          string            `json:"trace_id,omitempty"`
	Error            string            `json:"error,omitempty"`
	Tags             map[string]string `json:"tags"`
}

// Log is the file. Its zero value keeps nothing.
type Log struct {
	entries atomic.Pointer[chan Entry]
	most    int64 // bytes of the file
	every   uint64
	bad     bool

	seen          atomic.Uint64
	kept, leftOut atomic.Int64

	slowest []Entry // of those in the file, the slowest first; the writer's until the file has ended

	mu   sync.Mutex
	done chan struct{}
	err  error
}

// slowestKept is how many of the slowest requests are told.
const slowestKept = 20

// Open begins the file: of every so manieth request (1: of all), or of those that failed alone. The file has at most so
// many bytes.
func (l *Log) Open(path string, every uint64, failed bool, most int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done != nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path) // the run's own folder
	if err != nil {
		return err
	}
	l.every, l.bad, l.most, l.done = max(1, every), failed, most, make(chan struct{})
	entries := make(chan Entry, waiting)
	l.entries.Store(&entries)
	go l.write(f, entries)
	return nil
}

// Wants tells whether a request is to be kept. It is asked once for each.
func (l *Log) Wants(failed bool) bool {
	if l.entries.Load() == nil {
		return false
	}
	if l.bad {
		return failed
	}
	// Knuth's multiplicative hash spreads what is drawn, so that a pattern in the order of requests is not followed.
	return l.every == 1 || (l.seen.Add(1)*11400714819323198485>>32)%l.every == 0
}

// Add keeps a request, or counts it as left out when the disk does not follow. It never waits.
func (l *Log) Add(e Entry) {
	entries := l.entries.Load()
	if entries == nil {
		return
	}
	select {
	case *entries <- e:
	default:
		l.leftOut.Add(1)
	}
}

func (l *Log) write(f *os.File, entries <-chan Entry) {
	defer close(l.done)
	to := bufio.NewWriterSize(f, 1<<16)
	var size int64
	for e := range entries {
		if e.Outcome == last {
			break
		}
		line, err := json.Marshal(e)
		size += int64(len(line)) + 1
		if err != nil || size > l.most || l.err != nil {
			l.leftOut.Add(1)
			continue
		}
		if _, l.err = to.Write(append(line, '\n')); l.err != nil {
			l.leftOut.Add(1)
			continue
		}
		l.kept.Add(1)
		l.remember(e)
	}
	if err := to.Flush(); l.err == nil {
		l.err = err
	}
	if err := f.Close(); l.err == nil {
		l.err = err
	}
}

// remember keeps a request that is among the slowest.
func (l *Log) remember(e Entry) {
	at, _ := slices.BinarySearchFunc(l.slowest, e, func(a, b Entry) int { return cmp.Compare(took(b), took(a)) })
	if at < slowestKept {
		l.slowest = slices.Insert(l.slowest, at, e)
		l.slowest = l.slowest[:min(len(l.slowest), slowestKept)]
	}
}

// took is how long a request lasted, ms: to its last token, or as long as it went on.
func took(e Entry) float64 {
	switch {
	case e.E2E != nil:
		return *e.E2E
	case e.End != nil:
		return *e.End
	}
	return 0
}

// Slowest are the slowest requests in the file, when it has ended.
func (l *Log) Slowest() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.slowest)
}

// Close ends the file and tells how many requests are in it, how many had no room, and what went wrong. Nobody adds any
// more.
func (l *Log) Close() (kept, leftOut int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done == nil {
		return 0, 0, nil
	}
	if entries := l.entries.Swap(nil); entries != nil {
		// One that asked before this may still add: its record is read below or left in the channel, which is not closed
		// under it.
		*entries <- Entry{Outcome: last}
		<-l.done
	}
	return l.kept.Load(), l.leftOut.Load(), l.err
}

// last is the outcome of no request: it ends the file.
const last = ""
