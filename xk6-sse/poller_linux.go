//go:build linux && (amd64 || arm64)

package sse

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Why a poller of our own. The runtime's wakes a thread for each segment as it comes: a wake-up, a goroutine switch, a
// read, and a read in vain, which is most of what an event costs. But the kernel has already stamped the segment, so when
// we read it changes no figure. Under load the poller therefore looks once a millisecond and takes all that has come; when
// little comes it waits in the runtime's poller (an epoll descriptor can itself be waited for) and reads at once, so that
// events a fraction of a millisecond apart are still read one by one.
const (
	roundLength = time.Millisecond
	busyEvents  = 3000                  // readable sockets a second from which rounds pay
	longestWait = 10 * time.Millisecond // how late a deadline strikes when nothing else happens
)

// poller wakes the readers of the sockets in it. Its goroutine runs while there are any.
type poller struct {
	fd     int // epoll
	events [256]syscall.EpollEvent

	mu      sync.Mutex
	sockets map[int32]*socket
	running bool
	added   int32 // sockets so far

	next atomic.Int64 // no deadline is sooner than that
}

// thePoller is one for the process.
var thePoller = sync.OnceValues(func() (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	return &poller{fd: fd, sockets: map[int32]*socket{}}, nil
})

// interest is edge-triggered: an edge comes with each segment, and with the other end's closing.
const interest = uint32(syscall.EPOLLIN | syscall.EPOLLRDHUP | -syscall.EPOLLET&0xffffffff)

// add begins to watch s.
func (p *poller) add(s *socket) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.added++
	s.number = p.added
	event := syscall.EpollEvent{Events: interest, Fd: int32(s.fd), Pad: s.number}
	if err := syscall.EpollCtl(p.fd, syscall.EPOLL_CTL_ADD, s.fd, &event); err != nil {
		return os.NewSyscallError("epoll_ctl", err)
	}
	p.sockets[int32(s.fd)] = s
	if !p.running {
		p.running = true
		go p.poll()
	}
	return nil
}

// remove forgets s, before its descriptor is closed.
func (p *poller) remove(s *socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sockets, int32(s.fd))
	_ = syscall.EpollCtl(p.fd, syscall.EPOLL_CTL_DEL, s.fd, nil)
}

// poll wakes readers until there are no sockets.
func (p *poller) poll() {
	quiet := newWaiter(p.fd)
	woken, since := 0, now()
	for p.goesOn() {
		if quiet != nil {
			quiet.wait(func() bool { n := p.take(); woken += n; return n > 0 })
		} else {
			time.Sleep(roundLength)
			woken += p.take()
		}
		t := now()
		p.expire(t)
		if t-since < int64(100*time.Millisecond) {
			continue
		}
		rate := int64(woken) * int64(time.Second) / (t - since)
		woken, since = 0, t
		switch {
		case quiet != nil && rate > busyEvents:
			quiet.close() // or the runtime's poller would go on waking for it
			quiet = nil
			inRounds.Store(true)
		case quiet == nil && rate < busyEvents/2:
			quiet = newWaiter(p.fd)
			inRounds.Store(false)
		}
	}
	inRounds.Store(false)
	if quiet != nil {
		quiet.close()
	}
}

func (p *poller) goesOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = len(p.sockets) > 0
	return p.running
}

// take wakes the readers of what has become readable and tells how many those are.
func (p *poller) take() (woken int) {
	for {
		n, err := syscall.EpollWait(p.fd, p.events[:], 0)
		if n <= 0 || err != nil {
			return woken
		}
		p.mu.Lock()
		for _, event := range p.events[:n] {
			if s := p.sockets[event.Fd]; s != nil && s.number == event.Pad {
				if event.Events&(syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
					s.ended.Store(true)
				}
				s.wake()
			}
		}
		p.mu.Unlock()
		if woken += n; n < len(p.events) {
			return woken
		}
	}
}

// sooner notes that a socket's deadline is due then.
func (p *poller) sooner(due int64) {
	for next := p.next.Load(); (next == 0 || due < next) && !p.next.CompareAndSwap(next, due); {
		next = p.next.Load()
	}
}

// expire wakes the readers whose deadline has passed at t.
func (p *poller) expire(t int64) {
	if next := p.next.Load(); next == 0 || t < next {
		return
	}
	p.next.Store(0)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sockets {
		switch due := s.deadline.Load(); {
		case due == 0:
		case due <= t:
			s.wake()
		default:
			p.sooner(due)
		}
	}
}

// waiter waits in the runtime's poller for the epoll descriptor.
type waiter struct {
	file *os.File
	raw  syscall.RawConn
}

// newWaiter returns nil when it cannot be had; then there are rounds.
func newWaiter(epoll int) *waiter {
	fd, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(epoll), syscall.F_DUPFD_CLOEXEC, 0)
	if errno != 0 || syscall.SetNonblock(int(fd), true) != nil {
		return nil
	}
	file := os.NewFile(fd, "epoll")
	raw, err := file.SyscallConn()
	if err != nil || file.SetReadDeadline(time.Time{}) != nil { // not pollable
		_ = file.Close()
		return nil
	}
	return &waiter{file, raw}
}

// wait calls take until it returns true, whenever something may have become readable, or until the longest wait is over.
func (w *waiter) wait(take func() bool) {
	_ = w.file.SetReadDeadline(time.Now().Add(longestWait))
	_ = w.raw.Read(func(uintptr) bool { return take() })
}

func (w *waiter) close() { _ = w.file.Close() }
