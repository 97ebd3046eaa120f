package sse

import (
	"os"

	"go.k6.io/k6/v2/js/modules"
)

func init() {
	root := New()
	root.secrets.AddProcess(os.Environ(), os.Args)
	modules.Register("k6/x/sse", root)
}
