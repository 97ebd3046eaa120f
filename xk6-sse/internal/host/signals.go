package host

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// Signals knows whether the process was asked to stop. k6 listens too. The zero value is ready.
type Signals struct {
	mu   sync.Mutex
	came chan os.Signal // nil until Watch
	name string
}

// Watch listens once VUs run. Before that k6 itself has no handler, and ours would swallow a Ctrl-C.
func (s *Signals) Watch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.came == nil {
		s.came = make(chan os.Signal, 1)
		signal.Notify(s.came, syscall.SIGINT, syscall.SIGTERM)
		watchHangUp()
	}
}

// hungUp: the terminal of this process is gone.
var hungUp atomic.Bool

// watchHangUp has SIGHUP (the terminal is gone) end the run as SIGTERM does: k6 knows nothing of it, and would be
// killed with all that was measured. Under nohup it stays ignored.
var watchHangUp = sync.OnceFunc(func() {
	if signal.Ignored(syscall.SIGHUP) {
		return
	}
	came := make(chan os.Signal, 1)
	signal.Notify(came, syscall.SIGHUP)
	go func() {
		<-came
		hungUp.Store(true)
		Terminate()
	}()
})

// Release stops listening: all is judged, and where an output of k6 then never ends, Ctrl-C must end k6.
func (s *Signals) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.came != nil {
		signal.Stop(s.came)
	}
}

// Asked is the signal that asked the process to stop, "" without one. It polls: a goroutine would outlive the run.
func (s *Signals) Asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case came := <-s.came:
		signal.Stop(s.came)
		s.name = map[os.Signal]string{syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM"}[came]
		if hungUp.Load() {
			s.name = "SIGHUP"
		}
	default:
	}
	return s.name
}

// CutOff tells an iteration that was cut off from one that came to its end, where the context is cancelled as well.
func (s *Signals) CutOff(ctx context.Context) bool {
	return errors.Is(ctx.Err(), context.DeadlineExceeded) || s.Asked() != ""
}
