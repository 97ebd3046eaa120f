package ledger

import "math"

// Batches are the values of one metric in equal stretches of time, so that intervals can be worked out that hold though
// the values of one stretch depend on each other (batch means). A stretch is 1 s wide at first; when the values span
// more than maxStretches, all widths double. Stretches are aligned to multiples of their width, so that two doubled
// ones fall together, and so do those of several shards, of whatever width: merging gives what one alone would have.
// The zero value is ready for a metric without bounds; it has no lock.
type Batches struct {
	shift     uint  // a stretch is 2^shift seconds wide
	first     int64 // the first begins at first * width after the schedule's start
	stretches []stretch
	bounds    []float64
}

const (
	maxStretches = 64
	batchSecond  = int64(1e9)
	// coarse buckets are so many of a histogram's together: about 8 % wide.
	fineInCoarse = 16
	spareCoarse  = 2
)

type stretch struct {
	count   int64
	sum     float64
	below   []int64 // by bound, strictly
	buckets window  // coarse; what counts as zero is in none
}

// coarse is the coarse bucket that a histogram's bucket belongs to: the ceiling of a 16th of its number.
func coarse(bucket int) int { return int(math.Ceil(float64(bucket) / fineInCoarse)) }

// Add books a value at `at`, ns since the schedule's start. `inBuckets`: a trend's value, that is counted in buckets
// and at the bounds too.
func (b *Batches) Add(at int64, v float64, inBuckets bool) {
	second := at / batchSecond
	b.reach(second, second)
	s := &b.stretches[second>>b.shift-b.first]
	s.count++
	s.sum += v
	if !inBuckets {
		return
	}
	for i, bound := range b.bounds {
		if v < bound {
			s.below[i]++
		}
	}
	if v > tiny {
		s.buckets.add(coarse(bucketOf(v)), spareCoarse)
	}
}

// Merge adds o's values, of the same metric.
func (b *Batches) Merge(o *Batches) {
	if len(o.stretches) == 0 {
		return
	}
	if b.bounds == nil {
		b.bounds = o.bounds
	}
	for b.shift < o.shift {
		b.double()
	}
	b.reach(o.first<<o.shift, (o.first+int64(len(o.stretches))-1)<<o.shift)
	for i := range o.stretches {
		place := (o.first + int64(i)) >> (b.shift - o.shift)
		b.stretches[place-b.first].merge(&o.stretches[i])
	}
}

// reach makes room for the stretches that the seconds lo and hi lie in.
func (b *Batches) reach(lo, hi int64) {
	for {
		from, to := lo>>b.shift, hi>>b.shift
		if n := int64(len(b.stretches)); n > 0 {
			from, to = min(from, b.first), max(to, b.first+n-1)
		}
		if to-from >= maxStretches {
			b.double()
			continue
		}
		if len(b.stretches) == 0 {
			b.first = from
		}
		if n := b.first - from; n > 0 {
			b.stretches = append(b.empty(n), b.stretches...)
			b.first = from
		}
		if n := to - b.first + 1 - int64(len(b.stretches)); n > 0 {
			b.stretches = append(b.stretches, b.empty(n)...)
		}
		return
	}
}

func (b *Batches) empty(n int64) []stretch {
	all := make([]stretch, n)
	for i := range all {
		all[i].below = make([]int64, len(b.bounds))
	}
	return all
}

// double makes one stretch of two.
func (b *Batches) double() {
	last := b.first + int64(len(b.stretches)) - 1
	first := b.first >> 1
	doubled := []stretch(nil)
	if len(b.stretches) > 0 {
		doubled = b.empty(last>>1 - first + 1)
	}
	for i := range b.stretches {
		doubled[(b.first+int64(i))>>1-first].merge(&b.stretches[i])
	}
	b.shift, b.first, b.stretches = b.shift+1, first, doubled
}

func (s *stretch) merge(o *stretch) {
	s.count += o.count
	s.sum += o.sum
	for i, n := range o.below {
		s.below[i] += n
	}
	s.buckets.merge(&o.buckets, 0)
}

// BatchesView is sse.d.ts's Batches.
type BatchesView struct {
	Width   int64              `json:"width"`
	First   int64              `json:"first"`
	Count   []int64            `json:"count"`
	Sum     []float64          `json:"sum"`
	Below   map[string][]int64 `json:"below"`
	Buckets [][]int64          `json:"buckets"`
}

// View is b as sse.d.ts describes it; nil where nothing was booked.
func (b *Batches) View() *BatchesView {
	n := len(b.stretches)
	if n == 0 {
		return nil
	}
	v := &BatchesView{
		Width: 1000 << b.shift, First: b.first, Count: make([]int64, n), Sum: make([]float64, n),
		Below: make(map[string][]int64, len(b.bounds)), Buckets: make([][]int64, n),
	}
	for i, bound := range b.bounds {
		below := make([]int64, n)
		for j := range b.stretches {
			below[j] = b.stretches[j].below[i]
		}
		v.Below[boundKey(bound)] = below
	}
	for i := range b.stretches {
		s := &b.stretches[i]
		v.Count[i], v.Sum[i], v.Buckets[i] = s.count, s.sum, s.buckets.pairs([]int64{})
	}
	return v
}
