package sse

import (
	"sync"

	"github.com/grafana/sobek"

	"github.com/gsai-perf/xk6-sse/internal/prompts"
)

// promptFile is the file that the scripts of a run take their prompts from: opened once for all VUs.
type promptFile struct {
	mu   sync.Mutex
	path string
	file *prompts.File
	err  error
}

// OpenPrompts is openPrompts(): it returns how many there are, or throws what is wrong with the file.
func (v *VU) OpenPrompts(path string) sobek.Value {
	if v.vu.InitEnv() == nil {
		v.fail("openPrompts() belongs in the init context")
	}
	p := &v.root.prompts
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.path != path {
		p.path = path
		p.file, p.err = prompts.Open(path)
	}
	if p.err != nil {
		v.throw(p.err.Error())
	}
	return v.vu.Runtime().ToValue(p.file.Count())
}

// PromptAt is promptAt(). It is asked for with each request, hence no Go types in its signature.
func (v *VU) PromptAt(call sobek.FunctionCall) sobek.Value {
	file, i := v.root.prompts.file, int(call.Argument(0).ToInteger())
	if file == nil || i < 0 || i >= file.Count() {
		v.fail("promptAt() needs the number of a prompt in the file that openPrompts() was given")
	}
	record, err := file.At(i)
	if err != nil {
		v.fail(err.Error())
	}
	return v.vu.Runtime().ToValue(record)
}
