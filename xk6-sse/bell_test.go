package sse

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTheBellWakesEachAtItsTime(t *testing.T) {
	var wg sync.WaitGroup
	began := now()
	for range 500 {
		wg.Go(func() {
			var s sleeper
			for range 5 {
				due := now() + rand.Int64N(int64(20*time.Millisecond))
				assert.True(t, s.until(context.Background(), due, nil))
				assert.GreaterOrEqual(t, now(), due)
			}
		})
	}
	wg.Wait()
	assert.Less(t, now()-began, int64(soon))
}

func TestTheBellRingsForWhoCameLaterAndIsDueSooner(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var first sleeper
	assert.True(t, first.until(ctx, now()+1000, nil)) // the runtime opens its own poller for the first of all alarms
	goroutines, open := runtime.NumGoroutine(), descriptors(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		var s sleeper
		assert.False(t, s.until(ctx, now()+int64(time.Hour), nil))
	})
	waitingNow := func() int {
		theBell.mu.Lock()
		defer theBell.mu.Unlock()
		return len(theBell.waiting)
	}
	for waitingNow() == 0 {
		time.Sleep(time.Millisecond)
	}
	var s sleeper
	began := now()
	assert.True(t, s.until(ctx, began+int64(time.Millisecond), nil))
	assert.Less(t, now()-began, int64(soon))
	cancel()
	wg.Wait()
	for end := time.Now().Add(soon); theBell.runs() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	assert.False(t, theBell.runs(), "nobody waits any more, so its goroutine has ended")
	noMoreThan(t, goroutines, open)
}

func (b *bell) runs() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.alarm != nil
}

// A jump and the alarm at the same moment: the ring that came too late would end the next sleep.
func TestARingThatNobodyWaitedForIsForgotten(t *testing.T) {
	var b bell
	var s sleeper
	b.add(&s, now()+int64(time.Millisecond))
	for end := time.Now().Add(soon); b.runs() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	assert.Len(t, s.rung, 1)
	b.remove(&s)
	assert.Empty(t, s.rung)
}

func TestTheRuntimesTimersServeAsAlarmToo(t *testing.T) {
	a := newRuntimeAlarm()
	defer a.close()
	began := now()
	a.wait(func() { a.set(int64(time.Millisecond)) })
	assert.GreaterOrEqual(t, now()-began, int64(time.Millisecond))
}
