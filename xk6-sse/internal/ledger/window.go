package ledger

// window counts by bucket number, from the lowest bucket that holds something to the highest. The zero value is ready.
type window struct {
	first  int // bucket number of counts[0]
	counts []uint32
}

// spareBuckets is how many a histogram's window grows by, so that growing is rare.
const spareBuckets = 32

// add counts one in the bucket.
func (w *window) add(bucket, spare int) {
	w.reach(bucket, bucket, spare)
	w.counts[bucket-w.first]++
}

// merge adds o's counts.
func (w *window) merge(o *window, spare int) {
	if len(o.counts) == 0 {
		return
	}
	w.reach(o.first, o.first+len(o.counts)-1, spare)
	for i, n := range o.counts {
		w.counts[o.first+i-w.first] += n
	}
}

// reach makes room for the buckets lo..hi, and some to spare.
func (w *window) reach(lo, hi, spare int) {
	switch {
	case w.counts == nil:
		w.first, w.counts = lo-spare, make([]uint32, hi-lo+1+2*spare)
	case lo < w.first:
		shift := w.first - lo + spare
		w.counts = append(make([]uint32, shift, shift+len(w.counts)), w.counts...)
		w.first -= shift
	}
	if need := hi - w.first + 1; need > len(w.counts) {
		w.counts = append(w.counts, make([]uint32, need-len(w.counts)+spare)...)
	}
}

// pairs appends bucket number and count of the buckets that hold something, in ascending order.
func (w *window) pairs(to []int64) []int64 {
	for i, n := range w.counts {
		if n > 0 {
			to = append(to, int64(w.first+i), int64(n))
		}
	}
	return to
}
