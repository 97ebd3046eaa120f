package clock

import (
	"context"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gsai-perf/xk6-sse/internal/testkit"
)

func TestTheBellWakesEachAtItsTime(t *testing.T) {
	var wg sync.WaitGroup
	began := Now()
	for range 500 {
		wg.Go(func() {
			var s Sleeper
			for range 5 {
				due := Now() + rand.Int64N(int64(20*time.Millisecond))
				assert.True(t, s.Until(context.Background(), due, nil))
				assert.GreaterOrEqual(t, Now(), due)
			}
		})
	}
	wg.Wait()
	assert.Less(t, Now()-began, int64(testkit.Soon))
}

func TestTheBellRingsForWhoCameLaterAndIsDueSooner(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var first Sleeper
	assert.True(t, first.Until(ctx, Now()+1000, nil)) // the runtime opens its own poller for the first of all alarms
	goroutines, open := runtime.NumGoroutine(), testkit.Descriptors(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		var s Sleeper
		assert.False(t, s.Until(ctx, Now()+int64(time.Hour), nil))
	})
	waitingNow := func() int {
		theBell.mu.Lock()
		defer theBell.mu.Unlock()
		return len(theBell.waiting)
	}
	for waitingNow() == 0 {
		time.Sleep(time.Millisecond)
	}
	var s Sleeper
	began := Now()
	assert.True(t, s.Until(ctx, began+int64(time.Millisecond), nil))
	assert.Less(t, Now()-began, int64(testkit.Soon))
	cancel()
	wg.Wait()
	for end := time.Now().Add(testkit.Soon); theBell.runs() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	assert.False(t, theBell.runs(), "nobody waits any more, so its goroutine has ended")
	testkit.NoMoreThan(t, goroutines, open)
}

func (b *bell) runs() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.alarm != nil
}

// A jump and the alarm at the same moment: the ring that came too late would end the next sleep.
func TestARingThatNobodyWaitedForIsForgotten(t *testing.T) {
	var b bell
	var s Sleeper
	b.add(&s, Now()+int64(time.Millisecond))
	for end := time.Now().Add(testkit.Soon); b.runs() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	assert.Len(t, s.rung, 1)
	b.remove(&s)
	assert.Empty(t, s.rung)
}

func TestAllKindsOfAlarmRing(t *testing.T) {
	for name, make := range map[string]func() Alarm{runtimeTimer: newRuntimeAlarm, kernelTimer: newKernelAlarm} {
		t.Run(name, func(t *testing.T) {
			a := make()
			if a == nil {
				t.Skip("there is none here")
			}
			defer a.Close()
			for range 3 {
				began := Now()
				for Now()-began < int64(time.Millisecond) { // it may ring for nothing
					a.Wait(func() { a.Set(int64(time.Millisecond)) })
				}
				require.Less(t, Now()-began, int64(testkit.Soon))
			}
		})
	}
}

func TestTheTimerIsTheOneThatWasChosen(t *testing.T) {
	a := NewAlarm()
	defer a.Close()
	_, isRuntime := a.(runtimeAlarm)
	assert.Equal(t, Timer() == runtimeTimer, isRuntime)
	if os.Getenv("K6_SSE_TIMER") == runtimeTimer {
		assert.Equal(t, runtimeTimer, Timer())
	}
}

func TestAllOnThePlainTimer(t *testing.T) { testkit.OnPlainMachinery(t, "") }
