package sse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/requests"
)

func TestTheFileOfRequestsHasEachThatWasBookedAndNoText(t *testing.T) {
	u := newVU(t, New(), oneSecond)
	path := filepath.Join(t.TempDir(), "run", "requests.jsonl")
	u.run(`if (sse.recordRequests('` + path + `', 1, false) !== '') throw new Error('cannot be made')`)
	good, bad := server(t, saying(sseHead+good)), server(t, saying(sseHead))
	u.run(`get('` + good + `', {}).settle(); get('` + bad + `', {}).settle(); get('` + good + `', {probe: true})`)
	var told struct {
		Kept, LeftOut int
		Error         string
		Slowest       []requests.Entry
	}
	u.eval(&told, `sse.recordedRequests()`)
	assert.Equal(t, 2, told.Kept, "a probe is no request of the load")
	assert.Zero(t, told.LeftOut)
	assert.Empty(t, told.Error)
	assert.Len(t, told.Slowest, 2)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var found []requests.Entry
	for line := range strings.Lines(string(text)) {
		var e requests.Entry
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		found = append(found, e)
	}
	require.Len(t, found, 2)
	ok, empty := found[0], found[1]
	assert.Equal(t, "ok", ok.Outcome)
	assert.Equal(t, 200, ok.Status)
	assert.NotNil(t, ok.TTFT)
	assert.GreaterOrEqual(t, *ok.End, *ok.TTFT)
	assert.Equal(t, map[string]string{"model": "m"}, ok.Tags)
	assert.Equal(t, "empty", empty.Outcome)
	assert.Nil(t, empty.TTFT, "what did not happen is absent")
	assert.NotContains(t, string(text), "choices")
}
