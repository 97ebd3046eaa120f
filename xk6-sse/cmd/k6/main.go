// Command k6 is k6 with the extension k6/x/sse inside.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "github.com/gsai-perf/xk6-sse" // registers k6/x/sse
)

func main() { cmd.Execute() }
