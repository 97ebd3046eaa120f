package sse

import (
	"encoding/json"
	"os"
	"sync"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/outputs"
)

// notesLimit bounds the memory of the notes, of all kinds together, however long the run.
const notesLimit = 64 << 20

// notebook is what scripts remember across VUs: what they write down during the run, by kind, and one text for the
// summary.
type notebook struct {
	mu    sync.Mutex
	kept  string
	kinds map[string]*notes
	bytes int
}

// notes are the notes of one kind.
type notes struct {
	kept []string
	lost int
}

func (n *notebook) add(kind, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	own := n.kinds[kind]
	if own == nil {
		if n.kinds == nil {
			n.kinds = map[string]*notes{}
		}
		own = &notes{}
		n.kinds[kind] = own
	}
	if n.bytes+len(text) > notesLimit {
		own.lost++
		return
	}
	n.bytes += len(text)
	own.kept = append(own.kept, text)
}

// of is what was noted of a kind until now.
func (n *notebook) of(kind string) (kept []string, lost int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if own := n.kinds[kind]; own != nil {
		return append([]string{}, own.kept...), own.lost
	}
	return []string{}, 0
}

// Note is note().
func (v *VU) Note(kind, text string) { v.root.notebook.add(kind, text) }

// Notes is notes().
func (v *VU) Notes(kind string) any {
	kept, lost := v.root.notebook.of(kind)
	return v.vu.Runtime().ToValue(map[string]any{"kept": kept, "lost": lost})
}

// Keep is keep(). It comes when all is judged.
func (v *VU) Keep(text string) {
	n := &v.root.notebook
	n.mu.Lock()
	n.kept = text
	n.mu.Unlock()
	v.load.signals.Release()
}

// Kept is kept().
func (v *VU) Kept() string {
	n := &v.root.notebook
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.kept
}

// WriteFiles is writeFiles(). It comes when the load is over: kept connections must not take the files that the results
// need.
func (v *VU) WriteFiles(folder string, files map[string]string) string {
	v.root.conns.CloseIdle()
	return host.WriteFiles(folder, files)
}

// Environment is environment().
func (v *VU) Environment(sobek.FunctionCall) sobek.Value {
	o := v.vu.Runtime().NewObject()
	for name, value := range host.Environment() {
		_ = o.Set(name, value)
	}
	// Known in the init context alone: k6 keeps it from the VUs.
	init := v.vu.InitEnv()
	_ = o.Set("noThresholds", init != nil && init.TestPreInitState != nil && init.RuntimeOptions.NoThresholds.Bool)
	return o
}

// Conceal is conceal().
func (v *VU) Conceal(secrets []string) { v.root.secrets.Add(secrets...) }

// Clean is clean().
func (v *VU) Clean(text string) string { return v.root.secrets.Line(text) }

// CheckOutput is checkOutput().
func (v *VU) CheckOutput() string {
	at := outputs.InfluxDB(os.Args[1:], os.Getenv)
	if at == "" {
		return ""
	}
	if refused := outputs.NotChosen(os.Args[1:], os.Getenv); refused != "" {
		return refused
	}
	return outputs.Refused(v.vu.Context(), at, os.Getenv)
}

// Outputs is outputs().
func (v *VU) Outputs(sobek.FunctionCall) sobek.Value {
	raw, err := json.Marshal(v.load.outputs.Views(v.load.ledger.StartedAt()))
	if err != nil {
		v.fail("outputs(): " + err.Error())
	}
	return v.plain("outputs()", raw)
}
