package sse

import (
	"sync"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/host"
)

// notesLimit bounds the memory of the notes, however long the run.
const notesLimit = 64 << 20

// notebook is what scripts want to remember across VUs: facts of single requests, one text for the summary, and what was
// to be done only once.
type notebook struct {
	mu    sync.Mutex
	kept  string
	notes []string
	bytes int
	lost  int
	done  map[string]bool
}

func (n *notebook) add(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.bytes+len(text) > notesLimit {
		n.lost++
		return
	}
	n.bytes += len(text)
	n.notes = append(n.notes, text)
}

func (n *notebook) once(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.done[name] {
		return false
	}
	if n.done == nil {
		n.done = map[string]bool{}
	}
	n.done[name] = true
	return true
}

// Note is note().
func (v *VU) Note(text string) { v.root.notebook.add(text) }

// Notes is notes().
func (v *VU) Notes() any {
	n := &v.root.notebook
	n.mu.Lock()
	defer n.mu.Unlock()
	return v.vu.Runtime().ToValue(map[string]any{"kept": append([]string{}, n.notes...), "lost": n.lost})
}

// Once is once().
func (v *VU) Once(name string) bool { return v.root.notebook.once(name) }

// Keep is keep(). It comes when all is judged.
func (v *VU) Keep(text string) {
	n := &v.root.notebook
	n.mu.Lock()
	n.kept = text
	n.mu.Unlock()
	v.load.signals.release()
}

// Kept is kept().
func (v *VU) Kept() string {
	n := &v.root.notebook
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.kept
}

// Environment is environment().
func (v *VU) Environment(sobek.FunctionCall) sobek.Value {
	o := v.vu.Runtime().NewObject()
	for name, value := range host.Environment() {
		_ = o.Set(name, value)
	}
	return o
}
