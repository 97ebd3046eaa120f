package sse

import (
	"os"

	"go.k6.io/k6/v2/js/modules"

	_ "github.com/gsai-perf/xk6-sse/internal/aggregates" // registers the output influxdb-aggregate
	"github.com/gsai-perf/xk6-sse/internal/executors"
	_ "github.com/gsai-perf/xk6-sse/internal/genai"  // registers the output genai
	_ "github.com/gsai-perf/xk6-sse/internal/target" // registers k6 x sse-target
)

func init() {
	root := New()
	root.secrets.AddProcess(os.Environ(), os.Args)
	modules.Register("k6/x/sse", root)
	executors.Register()
}
