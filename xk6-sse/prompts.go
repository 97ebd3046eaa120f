package sse

import (
	"maps"
	"sync"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/prompts"
)

// promptFile is a file that the scripts of a run take their prompts, or their texts, from: opened once for all VUs.
type promptFile struct {
	mu      sync.Mutex
	path    string
	columns map[string]string
	file    *prompts.File
	err     error
}

// kindOf is the file of prompts, or that of texts to embed.
func (v *VU) kindOf(texts sobek.Value) (*promptFile, bool) {
	if texts != nil && texts.ToBoolean() {
		return &v.root.texts, true
	}
	return &v.root.prompts, false
}

// OpenPrompts is openPrompts(): it returns how many there are, or throws what is wrong with the file.
func (v *VU) OpenPrompts(path string, columns map[string]string, texts sobek.Value) sobek.Value {
	if v.vu.InitEnv() == nil {
		v.fail("openPrompts() belongs in the init context")
	}
	p, embedded := v.kindOf(texts)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.path != path || !maps.Equal(p.columns, columns) {
		p.path, p.columns = path, columns
		p.file, p.err = prompts.Open(path, prompts.Want{Texts: embedded, Columns: columns})
	}
	if p.err != nil {
		v.throw(p.err.Error())
	}
	return v.vu.Runtime().ToValue(p.file.Count())
}

// PromptAt is promptAt(). It is asked for with each request, hence no Go types in its signature.
func (v *VU) PromptAt(call sobek.FunctionCall) sobek.Value {
	p, _ := v.kindOf(call.Argument(1))
	file, i := p.file, int(call.Argument(0).ToInteger())
	if file == nil || i < 0 || i >= file.Count() {
		v.fail("promptAt() needs the number of a prompt in the file that openPrompts() was given")
	}
	record, err := file.At(i)
	if err != nil {
		v.fail(err.Error())
	}
	return v.vu.Runtime().ToValue(record)
}
