package sse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/clock"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

const minute = `{arrivals: 'constant', seed: 1, segments: [{phase: 'load', from: 20, to: 20, seconds: 60}]}`

func TestTheLivePagesFileHoldsWhatChangedAndNothingTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.jsonl")
	t.Setenv(liveVariable, path)
	u := newVU(t, New(), minute)
	u.run(`sse.showLive('{"head": true}')`)
	l := u.v.load
	l.ledger.Begin(clock.Now(), time.Now().UnixNano())
	line := l.ledger.Timeline
	line.Start(0, 0, 1)
	line.Add(0, 0, []ledger.Value{{Metric: l.metrics[0], Value: 200}}, nil)
	require.NoError(t, l.live.tell(l))
	require.NoError(t, l.live.tell(l))
	line.End(int64(3*time.Second), 0, outcome.HTTP429)
	require.NoError(t, l.live.tell(l))
	l.live.close()
	l.live.close()
	require.NoError(t, l.live.tell(l), "nobody writes into a file that is closed")

	text, err := os.ReadFile(path)
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(text)), "\n")
	require.Len(t, rows, 4)
	assert.JSONEq(t, `{"head": true}`, rows[0])
	var told [3]liveLine
	for i := range told {
		require.NoError(t, json.Unmarshal([]byte(rows[i+1]), &told[i]))
	}
	assert.Contains(t, told[0].Line, "load: 60 s left;")
	assert.InDelta(t, 60_000, told[0].End, 0)
	require.Len(t, told[0].Slots, 1)
	assert.InDelta(t, 200, told[0].Slots[0].Metrics["llm_ttft"].P95, 1)
	assert.Empty(t, told[1].Slots)
	require.Len(t, told[2].Slots, 1)
	assert.Equal(t, map[outcome.Outcome]int64{outcome.HTTP429: 1}, told[2].Slots[0].Outcomes)
	assert.Equal(t, int64(1), told[2].Slots[0].InFlight, "the most at once: it ended in this slot")
	assert.Contains(t, told[2].Line, "1 failed (http_429 1)")
}

func TestWithoutTheVariableNoFileIsWrittenAndOneThatCannotBeMadeStopsNothing(t *testing.T) {
	for _, path := range []string{"", filepath.Join(t.TempDir(), "no such folder", "live.jsonl")} {
		t.Setenv(liveVariable, path)
		u := newVU(t, New(), minute)
		u.run(`sse.showLive('{}')`)
		assert.Nil(t, u.v.load.live.file)
	}
}
