package schedule

// closed has no arrivals of its own: each user sends its next request when its last one is answered.
type closed struct{ open }

func newClosed(s *Spec) (Process, error) { return closed{}, s.noBursts("closed") }

func (closed) Closed() bool     { return true }
func (closed) First() float64   { return 0 }
func (closed) Gap() float64     { return 0 }
func (c closed) Clone() Process { return c }
