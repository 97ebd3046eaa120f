package sse

import (
	"go.k6.io/k6/v2/js/modules"

	_ "github.com/gsai-perf/xk6-sse/internal/genai" // registers the output genai
)

func init() { modules.Register("k6/x/sse", New()) }
