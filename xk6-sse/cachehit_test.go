package sse

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

func TestACacheHitIsToldByAHeaderOrByAWordOfIt(t *testing.T) {
	for _, c := range []struct {
		want     cacheHit
		has, is  string
		isHitFor string
	}{
		{cacheHit{"x-litellm-cache-key", ""}, "X-LiteLLM-Cache-Key", "4f2c", "x-litellm-cache-key: 4f2c"},
		{cacheHit{"x-litellm-cache-key", ""}, "X-LiteLLM-Cache-Key", "  ", ""},
		{cacheHit{"cf-aig-cache-status", "HIT"}, "cf-aig-cache-status", "HIT", "cf-aig-cache-status: HIT"},
		{cacheHit{"cf-aig-cache-status", "HIT"}, "cf-aig-cache-status", "MISS", ""},
		{cacheHit{"x-cache", "hit"}, "X-Cache", "Hit from cloudfront", "x-cache: Hit from cloudfront"},
		{cacheHit{"cache-status", "hit"}, "Cache-Status", "edge; hit; ttl=30", "cache-status: edge; hit; ttl=30"},
		{cacheHit{"cache-status", "hit"}, "Cache-Status", "edge; fwd=uri-miss; no-hit", ""},
		{cacheHit{"cache-status", "hit"}, "Other", "hit", ""},
	} {
		h := &wire.Head{Headers: []wire.Header{{Name: c.has, Value: c.is}}}
		assert.Equal(t, c.isHitFor, c.want.in(h), "%v", c)
	}
}
