package sse

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
)

/*
 * The file that the live page is made of (npm run live). It is written whether nobody looks on or many do, so that those
 * who look on cost the load nothing: no connection of theirs leads into this process.
 */

const (
	// liveVariable names the file.
	liveVariable = "K6_SSE_LIVE"
	liveEvery    = 2 * time.Second
	// liveBytes is the most that the file may have: many hours' worth.
	liveBytes = 256 << 20
)

type liveFile struct {
	mu   sync.Mutex
	file *os.File // nil: none is written
	size int
	told progress
	over chan struct{}
}

type liveLine struct {
	T     float64              `json:"t"`
	End   float64              `json:"end"`
	Line  string               `json:"line"`
	Slots []ledger.SlotFigures `json:"slots"`
}

// ShowLive is showLive().
func (v *VU) ShowLive(call sobek.FunctionCall) sobek.Value {
	path := os.Getenv(liveVariable)
	if path == "" || v.load.schedule == nil {
		return sobek.Undefined()
	}
	complain := func(err error) { v.vu.State().Logger.Warn("the live page is not updated any more: " + err.Error()) }
	f := &v.load.live
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file != nil {
		return sobek.Undefined()
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // who starts k6 names it
	if err != nil {
		complain(err)
		return sobek.Undefined()
	}
	f.file, f.over, f.told = file, make(chan struct{}), progress{every: 1}
	if err := f.write([]byte(strings.ReplaceAll(call.Argument(0).String(), "\n", " "))); err != nil {
		complain(err)
	}
	go v.load.show(complain)
	return sobek.Undefined()
}

// show writes a line now and then, till the file is closed.
func (l *load) show(complain func(error)) {
	defer l.faults.Guard("writing the live page's file", nil)
	ticker := time.NewTicker(liveEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-l.live.over:
			return
		}
		if l.ledger.Start() == 0 {
			continue
		}
		if err := l.live.tell(l); err != nil {
			complain(err)
			return
		}
	}
}

// tell writes how the load stands.
func (f *liveFile) tell(l *load) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	t := l.ledger.SinceStart(clock.Now())
	line, err := json.Marshal(liveLine{
		T: clock.Ms(t), End: clock.Ms(l.schedule.End()), Line: l.line(&f.told, t), Slots: l.ledger.Timeline.Changes(),
	})
	if err != nil {
		return err
	}
	return f.write(line)
}

// write needs mu.
func (f *liveFile) write(line []byte) error {
	f.size += len(line) + 1
	if f.size > liveBytes {
		return nil
	}
	_, err := f.file.Write(append(line, '\n'))
	return err
}

// close ends the file.
func (f *liveFile) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return
	}
	close(f.over)
	_ = f.file.Close() // what is missing is missing on a page alone
	f.file = nil
}
