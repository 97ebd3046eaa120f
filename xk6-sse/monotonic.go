package sse

// monotonic is when the request was sent on CLOCK_MONOTONIC, ns; -1 when it never was, or where that clock cannot be
// read. A float64 holds it exactly for 104 days of uptime.
func (r *Record) monotonic() float64 {
	if r.sent == 0 || monotonicEpoch < 0 {
		return -1
	}
	return float64(monotonicEpoch + r.sent)
}
