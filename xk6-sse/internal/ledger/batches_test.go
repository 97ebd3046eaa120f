package ledger

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const second = int64(time.Second)

// timed is a value and when it is booked.
type timed struct {
	at    int64
	value float64
}

func batchesOf(values []timed, bounds ...float64) *Batches {
	b := &Batches{bounds: bounds}
	for _, v := range values {
		b.Add(v.at, v.value, true)
	}
	return b
}

// drawn are values over so many seconds, in no order.
func drawn(n int, from, seconds float64) []timed {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	all := make([]timed, n)
	for i := range all {
		all[i] = timed{int64((from + seconds*r.Float64()) * 1e9), math.Exp(r.NormFloat64() + 5)}
	}
	return all
}

func TestStretchesAreOneSecondAndAlignedToTheSchedulesStart(t *testing.T) {
	v := batchesOf([]timed{
		{5*second + 999_999_999, 600}, {7 * second, 400}, {7*second + 1, 500}, {5 * second, 0},
	}, 500).View()
	assert.Equal(t, &BatchesView{
		Width: 1000, First: 5, Count: []int64{2, 0, 2}, Sum: []float64{600, 0, 900},
		Below:   map[string][]int64{"500": {1, 0, 1}},
		Buckets: [][]int64{{int64(coarse(bucketOf(600))), 1}, {}, v.Buckets[2]},
	}, v, "500 is not below 500, and 0 has no bucket")
	var inBuckets int64
	for i := 1; i < len(v.Buckets[2]); i += 2 {
		inBuckets += v.Buckets[2][i]
	}
	assert.EqualValues(t, 2, inBuckets)
}

func TestStretchesDoubleWhenThereAreMoreThan64(t *testing.T) {
	b := batchesOf([]timed{{3 * second, 1}, {66 * second, 1}})
	assert.Len(t, b.stretches, 64)
	assert.EqualValues(t, 1000, b.View().Width)
	b.Add(67*second, 1, true)
	v := b.View()
	assert.EqualValues(t, 2000, v.Width)
	assert.EqualValues(t, 1, v.First, "second 3 lies in the stretch from 2 to 4")
	assert.Len(t, v.Count, 33)
	assert.EqualValues(t, 1, v.Count[0])
	assert.EqualValues(t, 2, v.Count[32], "66 and 67 fall together")
	b.Add(24*3600*second, 1, true)
	v = b.View()
	assert.EqualValues(t, 2048_000, v.Width, "a day in at most 64 stretches")
	assert.EqualValues(t, 0, v.First)
	assert.Equal(t, 3, int(v.Count[0]))
}

func TestAStretchHoldsWhatItsTimeSays(t *testing.T) {
	values := drawn(20_000, 100, 1000)
	v := batchesOf(values, 150).View()
	width := v.Width * 1e6
	count, sum, below := make([]int64, len(v.Count)), make([]float64, len(v.Count)), make([]int64, len(v.Count))
	for _, x := range values {
		i := x.at/width - v.First
		count[i]++
		sum[i] += x.value
		if x.value < 150 {
			below[i]++
		}
	}
	assert.Equal(t, count, v.Count)
	assert.Equal(t, below, v.Below["150"])
	for i := range sum {
		assert.InEpsilon(t, sum[i], v.Sum[i], 1e-12)
		var n int64
		for j := 0; j < len(v.Buckets[i]); j += 2 {
			n += v.Buckets[i][j+1]
		}
		assert.Equal(t, count[i], n)
	}
}

func TestACoarseBucketIsSixteenFineOnes(t *testing.T) {
	for bucket, want := range map[int]int{1: 1, 16: 1, 17: 2, 0: 0, -15: 0, -16: -1, 32: 2} {
		assert.Equal(t, want, coarse(bucket), bucket)
	}
	for _, v := range draw(10_000) {
		c := float64(coarse(bucketOf(v)))
		assert.LessOrEqual(t, math.Pow(gamma, 16*(c-1)), v*(1+1e-12))
		assert.GreaterOrEqual(t, math.Pow(gamma, 16*c)*(1+1e-12), v)
	}
}

// Shards see parts of the same load: one may have seen its last minute only, and another all of it.
func TestMergedBatchesEqualTheWhole(t *testing.T) {
	for _, spans := range [][][2]float64{
		{{0, 30}, {0, 30}}, {{0, 50}, {50, 50}}, {{3, 900}, {70, 10}, {1000, 5}},
		{{1000, 5}, {3, 900}}, {{0, 1}, {5000, 1}},
	} {
		var everything []timed
		merged := &Batches{}
		merged.Merge(&Batches{})
		for i, span := range spans {
			part := drawn(1000+i, span[0], span[1])
			everything = append(everything, part...)
			merged.Merge(batchesOf(part, 100, 500))
		}
		whole, sum := batchesOf(everything, 100, 500).View(), merged.View()
		require.Len(t, sum.Sum, len(whole.Sum))
		for i := range whole.Sum {
			assert.InDelta(t, whole.Sum[i], sum.Sum[i], 1e-6)
		}
		sum.Sum = whole.Sum
		assert.Equal(t, whole, sum)
	}
}

func TestBatchesMemoryIsBoundedHoweverLongTheRun(t *testing.T) {
	b := &Batches{bounds: []float64{1, 10}}
	r := rand.New(rand.NewPCG(1, 1))
	for at := int64(0); at < 100*24*3600; at += 60 { // a hundred days
		b.Add(at*second, math.Exp(r.NormFloat64()*3), true)
	}
	assert.LessOrEqual(t, len(b.stretches), maxStretches)
	buckets := 0
	for i := range b.stretches {
		buckets += len(b.stretches[i].buckets.counts)
	}
	assert.Less(t, buckets, maxStretches*500, "some hundred coarse buckets for ten decades of values")
}

func plainly(_ string, make func()) { make() }

func TestOnlyMetricsThatAskForThemKeepBatches(t *testing.T) {
	with := &Metric{Name: "with", Type: "trend", Batches: true, Bounds: []float64{10}}
	without := &Metric{Name: "without", Type: "trend", Index: 1}
	rate := &Metric{Name: "rate", Type: "rate", Batches: true, Index: 2}
	gaps := &Metric{Name: "gaps", Type: "trend", Gaps: true, Batches: true, Index: 3}
	l := New([]*Metric{with, without, rate, gaps}, nil, second)
	tags := Tags{"a", map[string]string{"a": "b"}}
	for vu := range 2 * shardCount {
		values := []Value{{with, 5}, {without, 5}, {rate, 1}}
		l.Shard(vu).Settle(tags, "ok", int64(vu)*second, values, []float64{1, 2, 3})
	}
	l.Shard(0).Settle(tags, "ok", NoTime, []Value{{with, 7}}, nil)
	rows := map[string]RowView{}
	for _, r := range l.Totals(plainly).Rows {
		rows[r.Metric] = r
	}
	ones, threes := []int64{1, 1, 1, 1, 1, 1, 1, 1}, []int64{3, 3, 3, 3, 3, 3, 3, 3}
	assert.Equal(t, ones, rows["with"].Batches.Count)
	assert.Equal(t, ones, rows["with"].Batches.Below["10"])
	assert.EqualValues(t, 9, rows["with"].Histogram.Count, "what has no time is in the histogram alone")
	assert.Nil(t, rows["without"].Batches)
	assert.Equal(t, ones, rows["rate"].Batches.Count)
	assert.Equal(t, [][]int64{{}, {}, {}, {}, {}, {}, {}, {}}, rows["rate"].Batches.Buckets, "a rate needs none")
	assert.Equal(t, threes, rows["gaps"].Batches.Count)
}
