package sse

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/gsai-perf/xk6-sse/internal/host"
)

// signals knows whether the process was asked to stop. k6 listens too.
type signals struct {
	mu     sync.Mutex
	came   chan os.Signal // nil until watch
	name   string
	hungUp atomic.Bool
}

// watch listens once VUs run. Before that k6 itself has no handler, and ours would swallow a Ctrl-C.
func (s *signals) watch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.came == nil {
		s.came = make(chan os.Signal, 1)
		signal.Notify(s.came, syscall.SIGINT, syscall.SIGTERM)
		s.watchHangUp()
	}
}

// watchHangUp has SIGHUP (the terminal is gone) end the run as SIGTERM does: k6 knows nothing of it, and would be killed
// with all that was measured. Under nohup it stays ignored.
func (s *signals) watchHangUp() {
	if signal.Ignored(syscall.SIGHUP) {
		return
	}
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	go func() {
		<-hangUp
		s.hungUp.Store(true)
		host.Terminate()
	}()
}

// release stops listening: all is judged, and where an output of k6 then never ends, Ctrl-C must end k6.
func (s *signals) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.came != nil {
		signal.Stop(s.came)
	}
}

// asked is the signal that asked the process to stop, "" without one. It polls: a goroutine would outlive the run.
func (s *signals) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case came := <-s.came:
		signal.Stop(s.came)
		s.name = map[os.Signal]string{syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM"}[came]
		if s.hungUp.Load() {
			s.name = "SIGHUP"
		}
	default:
	}
	return s.name
}

// cutOff tells an iteration that was cut off from one that came to its end, where the context is cancelled as well.
func (s *signals) cutOff(ctx context.Context) bool {
	return errors.Is(ctx.Err(), context.DeadlineExceeded) || s.asked() != ""
}
