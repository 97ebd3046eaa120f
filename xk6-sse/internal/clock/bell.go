package clock

import (
	"container/heap"
	"context"
	"sync"
)

// bell wakes everyone who waits for a point in time, by one alarm for all. The zero value is ready; its goroutine runs
// while anyone waits.
type bell struct {
	mu      sync.Mutex
	waiting waiting
	alarm   Alarm // nil while it does not run
}

// theBell is one for the process.
var theBell bell

// Sleeper is one who waits, for one point in time at a time. The zero value is ready.
type Sleeper struct {
	due   int64
	place int // in waiting; -1: not there
	rung  chan struct{}
}

// Until sleeps until due and reports whether it got there: false when ctx or `early` ended first.
func (s *Sleeper) Until(ctx context.Context, due int64, early <-chan struct{}) bool {
	if due <= Now() {
		return true
	}
	theBell.add(s, due)
	select {
	case <-s.rung:
		return true
	case <-early:
	case <-ctx.Done():
	}
	theBell.remove(s)
	return false
}

func (b *bell) add(s *Sleeper, due int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.rung == nil {
		s.rung = make(chan struct{}, 1)
	}
	s.due = due
	heap.Push(&b.waiting, s)
	switch {
	case b.alarm == nil:
		b.alarm = NewAlarm()
		go b.run(b.alarm)
	case s.place == 0:
		b.alarm.Set(due - Now())
	}
}

func (b *bell) remove(s *Sleeper) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.place < 0 {
		<-s.rung // it was rung for meanwhile
		return
	}
	heap.Remove(&b.waiting, s.place)
	if len(b.waiting) == 0 {
		b.alarm.Set(0) // so that it sees that nobody waits any more
	}
}

func (b *bell) run(a Alarm) {
	defer a.Close()
	for b.ring() {
		a.Wait(b.arm)
	}
}

// ring wakes who is due; false when nobody waits any more.
func (b *bell) ring() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for t := Now(); len(b.waiting) > 0 && b.waiting[0].due <= t; {
		heap.Pop(&b.waiting).(*Sleeper).rung <- struct{}{}
	}
	if len(b.waiting) == 0 {
		b.alarm = nil
		return false
	}
	return true
}

func (b *bell) arm() {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := int64(0)
	if len(b.waiting) > 0 {
		next = b.waiting[0].due - Now()
	}
	b.alarm.Set(next)
}

// waiting is a heap, the next to be woken first.
type waiting []*Sleeper

func (w waiting) Len() int           { return len(w) }
func (w waiting) Less(i, j int) bool { return w[i].due < w[j].due }
func (w waiting) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].place, w[j].place = i, j
}

func (w *waiting) Push(s any) {
	s.(*Sleeper).place = len(*w)
	*w = append(*w, s.(*Sleeper))
}

func (w *waiting) Pop() any {
	last := (*w)[len(*w)-1]
	(*w)[len(*w)-1] = nil
	*w = (*w)[:len(*w)-1]
	last.place = -1
	return last
}
