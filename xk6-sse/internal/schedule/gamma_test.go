package schedule

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The mean of the distances is 1, so the rate is the one that was asked for, and their variance is 1/shape.
func TestGammaArrivalsHaveTheRateAndTheBurstinessThatWereAskedFor(t *testing.T) {
	for _, shape := range []float64{0.1, 0.5, 1, 4, 100} {
		p, err := newGamma(&Spec{Seed: 7, Shape: shape})
		require.NoError(t, err)
		const n = 200_000
		var sum, squares float64
		for range n {
			gap := p.Gap()
			require.True(t, gap >= 0 && !math.IsInf(gap, 0))
			sum += gap
			squares += (gap - 1) * (gap - 1)
		}
		// Six standard deviations; the fourth moment of a gamma distance around its mean is 3/k^2 + 6/k^3.
		assert.InDelta(t, 1, sum/n, 6/math.Sqrt(shape*n), "mean at %v", shape)
		spread := math.Sqrt((2/(shape*shape) + 6/(shape*shape*shape)) / n)
		assert.InDelta(t, 1/shape, squares/n, 6*spread, "variance at %v", shape)
	}
}

func TestGammaArrivalsAreTheSameForASeedAndACopyGoesOnAlone(t *testing.T) {
	p, err := newGamma(&Spec{Seed: 7, Shape: 0.5})
	require.NoError(t, err)
	q, _ := newGamma(&Spec{Seed: 7, Shape: 0.5})
	assert.Equal(t, p.First(), q.First())
	copied := p.Clone()
	assert.Equal(t, p.Gap(), copied.Gap())
	for _, shape := range []float64{-1, 0.001, 1e6, math.NaN()} {
		_, err := newGamma(&Spec{Shape: shape})
		assert.Error(t, err, shape)
	}
}
