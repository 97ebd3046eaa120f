package sse

import (
	"fmt"
	"io"
	"os"

	"go.k6.io/k6/v2/errext/exitcodes"
)

// exit and complaints are variables for the tests.
var (
	exit                 = os.Exit
	complaints io.Writer = os.Stderr
)

// Refuse is refuse(). It ends the process itself. Whatever the init context throws, k6 wraps: an error gets the stack
// trace of the bundle, an interrupt the place in it, and both "could not initialize" and a log line's fields, so the
// one sentence that a person must read is hard to find. In init there is nothing yet that would need an orderly end: no
// output has been started, no VU runs, no sample is under way. The exit code is k6's own for a bad configuration.
func (v *VU) Refuse(sentence string) {
	if v.vu.InitEnv() == nil {
		v.fail("refuse() belongs in the init context")
	}
	_, _ = fmt.Fprintln(complaints, v.root.secrets.Lines(sentence))
	exit(int(exitcodes.InvalidConfig))
}
