// Command k6 is k6 with the extension k6/x/sse inside.
package main

import (
	"os"

	"go.k6.io/k6/v2/cmd"

	_ "github.com/gsai-perf/xk6-sse" // registers k6/x/sse
	"github.com/gsai-perf/xk6-sse/internal/host"
	"github.com/gsai-perf/xk6-sse/internal/outputs"
)

func main() {
	if os.Getenv("GOGC") == "" {
		host.PaceCollector()
	}
	if len(os.Args) > 2 && os.Args[1] == "x" && os.Args[2] == "sse-target" {
		// What is in this program needs nothing of the network: not k6's list of extensions, nor its usage report.
		_ = os.Setenv("K6_AUTO_EXTENSION_RESOLUTION", "false")
		_ = os.Setenv("K6_NO_USAGE_REPORT", "true")
	}
	args, out := outputs.Chosen(os.Args, os.Getenv)
	if os.Args = args; out != "" {
		_ = os.Setenv("K6_OUT", out)
	}
	cmd.Execute()
}
