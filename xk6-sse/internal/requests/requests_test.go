package requests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lines opens a log, has `add` fill it, and returns what stands in the file.
func lines(t *testing.T, every uint64, failed bool, most int64, add func(*Log)) (found []Entry, kept, leftOut int64) {
	path := filepath.Join(t.TempDir(), "run", "requests.jsonl")
	var l Log
	require.NoError(t, l.Open(path, every, failed, most))
	add(&l)
	kept, leftOut, err := l.Close()
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		var e Entry
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		found = append(found, e)
	}
	return found, kept, leftOut
}

func TestEveryRequestHasALineHoweverManyEndAtOnce(t *testing.T) {
	found, kept, leftOut := lines(t, 1, false, 1<<30, func(l *Log) {
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				for range 500 {
					if l.Wants(false) {
						l.Add(Entry{Outcome: "ok", Tags: map[string]string{"kind": "chat"}})
					}
				}
			})
		}
		all.Wait()
	})
	assert.Len(t, found, 10_000)
	assert.Equal(t, int64(10_000), kept)
	assert.Zero(t, leftOut)
}

func TestASampleIsDrawnFromTheWholeLoadAndNotByAPatternInIt(t *testing.T) {
	found, _, _ := lines(t, 10, false, 1<<30, func(l *Log) {
		for i := range 10_000 {
			if l.Wants(false) {
				l.Add(Entry{Outcome: "ok", Status: 1 + i})
			}
		}
	})
	assert.InDelta(t, 1000, len(found), 150)
	even := 0
	for _, e := range found {
		even += e.Status % 2
	}
	assert.InDelta(t, len(found)/2, even, 100)
	assert.Greater(t, found[len(found)-1].Status, 9000)
}

func TestOnlyFailuresAreKeptWhereOnlyTheyAreAskedFor(t *testing.T) {
	found, _, _ := lines(t, 1, true, 1<<30, func(l *Log) {
		for _, failed := range []bool{true, false, true} {
			if l.Wants(failed) {
				l.Add(Entry{Outcome: "http_5xx"})
			}
		}
	})
	assert.Len(t, found, 2)
}

func TestTheFileHasABoundAndWhatHasNoRoomIsCounted(t *testing.T) {
	found, kept, leftOut := lines(t, 1, false, 200, func(l *Log) {
		for range 100 {
			l.Add(Entry{Outcome: "ok"})
		}
	})
	assert.NotEmpty(t, found)
	assert.Equal(t, int64(100), kept+leftOut)
	assert.Greater(t, leftOut, int64(90))
}

func TestAFileThatCannotBeMadeIsSaid(t *testing.T) {
	var l Log
	inTheWay := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(inTheWay, nil, 0o600))
	assert.Error(t, l.Open(filepath.Join(inTheWay, "requests.jsonl"), 1, false, 1))
	assert.False(t, l.Wants(true))
	l.Add(Entry{Outcome: "ok"}) // nothing happens
}

func TestTheSlowestRequestsAreToldWithTheirIds(t *testing.T) {
	var l Log
	require.NoError(t, l.Open(filepath.Join(t.TempDir(), "requests.jsonl"), 1, false, 1<<30))
	ms := func(v int) *float64 { f := float64(v); return &f }
	for i := range 100 {
		l.Add(Entry{Outcome: "ok", E2E: ms(i * 37 % 100), RequestID: fmt.Sprint(i * 37 % 100)})
	}
	l.Add(Entry{Outcome: "timeout_total", End: ms(5000), RequestID: "hung"})
	_, _, err := l.Close()
	require.NoError(t, err)
	slowest := l.Slowest()
	require.Len(t, slowest, 20)
	assert.Equal(t, []string{"hung", "99", "98"}, []string{slowest[0].RequestID, slowest[1].RequestID, slowest[2].RequestID})
	assert.Equal(t, "81", slowest[19].RequestID)
}
