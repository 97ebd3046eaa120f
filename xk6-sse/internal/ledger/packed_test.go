package ledger

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

func TestAPackedHistogramComesBackAsItWas(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, values := range map[string][]float64{
		"none": {}, "zero": {0, 0}, "one": {412}, "below one": {1e-5, 0.3, 0.3, 0.7},
		"far apart": {1e-5, 1e9, 1e9, 3},
		"many": func() (all []float64) {
			for range 5000 {
				all = append(all, math.Exp(5+r.NormFloat64()))
			}
			return all
		}(),
	} {
		h := &Histogram{}
		for _, v := range values {
			h.Add(v)
		}
		require.Equal(t, h.View(), pack(h).unpack().View(), name)
	}
}

func timelineOf(width time.Duration) (*Timeline, []*Metric) {
	metrics := []*Metric{}
	for _, name := range []string{"llm_ttft", "llm_e2e", "llm_e2e_scheduled", "llm_ttft_scheduled"} {
		metrics = append(metrics, &Metric{Name: name, Type: "trend", Timeline: true})
	}
	return newTimeline(metrics, []string{"load"}, int64(width)), metrics
}

func book(t *Timeline, metrics []*Metric, at int64, r *rand.Rand) {
	values := make([]Value, len(metrics))
	for i, m := range metrics {
		values[i] = Value{m, 800 * math.Exp(r.NormFloat64()/4)}
	}
	t.Start(at, 0, 1)
	t.End(at, 0, outcome.OK)
	t.Add(at, 0, values, nil)
}

func TestATimelineTellsOfPassedSlotsWhatItWasTold(t *testing.T) {
	packs, metrics := timelineOf(time.Second)
	one, two := rand.New(rand.NewPCG(3, 4)), rand.New(rand.NewPCG(3, 4))
	for second := range int64(400) {
		for range 5 {
			book(packs, metrics, second*int64(time.Second), one)
		}
	}
	book(packs, metrics, 7*int64(time.Second), one) // a request that was sent long ago ends
	require.NotNil(t, packs.slots[8].packed)
	require.Nil(t, packs.slots[7].packed)
	require.Nil(t, packs.slots[399].packed)

	wanted, metrics := timelineOf(time.Second)
	wanted.slots = make([]slot, 400) // nothing is packed where no slot is new
	for second := range int64(400) {
		for range 5 {
			book(wanted, metrics, second*int64(time.Second), two)
		}
	}
	book(wanted, metrics, 7*int64(time.Second), two)
	phase := func(int64) string { return "load" }
	require.Equal(t, wanted.Views(phase), packs.Views(phase))
	require.NotNil(t, packs.slots[8].packed, "to look does not unpack")
	book(packs, metrics, 400*int64(time.Second), one)
	require.NotNil(t, packs.slots[7].packed, "it is packed again")
}

// The timeline grew by 43 MB an hour at 200 streams a second; 5 MB are wanted.
func TestAnHourOfTimelineAt200StreamsASecondTakesAtMostFiveMegabytes(t *testing.T) {
	for _, width := range []time.Duration{time.Second, 10 * time.Second} {
		timeline, metrics := timelineOf(width)
		r := rand.New(rand.NewPCG(5, 6))
		heap := func() float64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return float64(m.HeapAlloc) / 1e6
		}
		const warmUp, minutes = 5, 15
		var before float64
		for second := range int64((warmUp + minutes) * 60) {
			if second == warmUp*60 {
				before = heap()
			}
			for range 200 {
				book(timeline, metrics, second*int64(time.Second), r)
			}
		}
		grown := (heap() - before) * 60 / minutes
		require.LessOrEqual(t, grown, 5.0, "MB an hour in slots of %s", width)
		t.Logf("slots of %s: %.1f MB an hour", width, grown)
		runtime.KeepAlive(timeline)
	}
}
