package ledger

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func draw(n int) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, n)
	for i := range values {
		values[i] = math.Exp(r.NormFloat64()*3 + 4) // seven decades
	}
	return values
}

func filled(values []float64, bounds ...float64) *Histogram {
	h := &Histogram{bounds: bounds, below: make([]uint64, len(bounds))}
	for _, v := range values {
		h.Add(v)
	}
	return h
}

func TestQuantilesAreWithinTheRelativeError(t *testing.T) {
	values := draw(100_000)
	h := filled(values)
	slices.Sort(values)
	for _, q := range []float64{0, 0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1} {
		exact := values[max(0, int(math.Ceil(q*float64(len(values))))-1)]
		assert.InEpsilon(t, exact, h.Quantile(q), relativeError*1.0001, "q %v", q)
	}
}

func TestBucketHoldsWhatTheContractSays(t *testing.T) {
	for _, v := range draw(10_000) {
		b := bucketOf(v)
		assert.InEpsilon(t, v, valueOf(b), relativeError*1.0001)
		assert.LessOrEqual(t, math.Pow(gamma, float64(b-1)), v*(1+1e-12))
		assert.GreaterOrEqual(t, math.Pow(gamma, float64(b))*(1+1e-12), v)
	}
}

func TestMergeEqualsTogether(t *testing.T) {
	values := draw(10_000)
	whole := filled(values, 10, 500)
	merged := &Histogram{}
	for part := range slices.Chunk(values, 3001) {
		merged.Merge(filled(part, 10, 500))
	}
	merged.Merge(&Histogram{})
	assert.InEpsilon(t, whole.sum, merged.sum, 1e-12)
	merged.sum = whole.sum
	assert.Equal(t, whole.View(), merged.View())
}

func TestBoundsAreCountedExactly(t *testing.T) {
	h := filled([]float64{499.9999, 500, 500.0001, 0}, 500)
	assert.EqualValues(t, 2, h.View().Below["500"])
	assert.EqualValues(t, 1, h.zero)
}

func TestEmptyHistogramCanBeReported(t *testing.T) {
	h := &Histogram{}
	assert.True(t, math.IsNaN(h.Quantile(0.5)))
	assert.Equal(t, []int64{}, h.View().Buckets)
}

func TestExtremesHaveBuckets(t *testing.T) {
	h := filled([]float64{0, -1, 1e-9, 1.1e-6, 1e12, math.MaxFloat64})
	assert.EqualValues(t, 3, h.zero)
	assert.Equal(t, math.MaxFloat64, h.Quantile(1))
}
