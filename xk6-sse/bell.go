package sse

import (
	"container/heap"
	"context"
	"sync"
)

// bell wakes each who waits for a point in time, by one alarm for all. The zero value is ready; it runs while anyone
// waits.
type bell struct {
	mu      sync.Mutex
	waiting waiting
	alarm   alarm // nil while it does not run
}

// theBell is one for the process.
var theBell bell

// sleeper is who waits, for one point at a time.
type sleeper struct {
	due   int64
	place int // in waiting; -1: not there
	rung  chan struct{}
}

// until sleeps till due and reports whether it got there.
func (s *sleeper) until(ctx context.Context, due int64, jumped <-chan struct{}) bool {
	if due <= now() {
		return true
	}
	theBell.add(s, due)
	select {
	case <-s.rung:
		return true
	case <-jumped:
	case <-ctx.Done():
	}
	theBell.remove(s)
	return false
}

func (b *bell) add(s *sleeper, due int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.rung == nil {
		s.rung = make(chan struct{}, 1)
	}
	s.due = due
	heap.Push(&b.waiting, s)
	switch {
	case b.alarm == nil:
		b.alarm = newAlarm()
		go b.run(b.alarm)
	case s.place == 0:
		b.alarm.set(due - now())
	}
}

func (b *bell) remove(s *sleeper) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.place < 0 {
		<-s.rung // it was rung for meanwhile
		return
	}
	heap.Remove(&b.waiting, s.place)
	if len(b.waiting) == 0 {
		b.alarm.set(0) // so that it sees that nobody waits any more
	}
}

func (b *bell) run(a alarm) {
	defer a.close()
	for b.ring() {
		a.wait(b.arm)
	}
}

// ring wakes who is due; false when nobody waits any more.
func (b *bell) ring() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for t := now(); len(b.waiting) > 0 && b.waiting[0].due <= t; {
		heap.Pop(&b.waiting).(*sleeper).rung <- struct{}{}
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
		next = b.waiting[0].due - now()
	}
	b.alarm.set(next)
}

// waiting is a heap, the next to be woken first.
type waiting []*sleeper

func (w waiting) Len() int           { return len(w) }
func (w waiting) Less(i, j int) bool { return w[i].due < w[j].due }
func (w waiting) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].place, w[j].place = i, j
}

func (w *waiting) Push(s any) {
	s.(*sleeper).place = len(*w)
	*w = append(*w, s.(*sleeper))
}

func (w *waiting) Pop() any {
	last := (*w)[len(*w)-1]
	(*w)[len(*w)-1] = nil
	*w = (*w)[:len(*w)-1]
	last.place = -1
	return last
}
