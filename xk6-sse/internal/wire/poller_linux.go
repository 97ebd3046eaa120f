//go:build linux && (amd64 || arm64)

package wire

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// Why pollers of our own. The runtime's wakes a thread for each segment as it comes: a wake-up, a goroutine switch, a
// read, and a read in vain, which is most of what an event costs. But the kernel has already stamped the segment, so
// when we read it changes no figure. Under load a poller therefore looks once a millisecond and reads all that has
// come, itself (see socket.drive); when little comes it waits in the runtime's poller (an epoll descriptor can itself
// be waited for) and reads at once, so that events a fraction of a millisecond apart are still read one by one.
//
// System calls that do not wait are raw ones here: any other wakes the runtime's monitor thread (see kernelAlarm in
// package clock).
//
// Where most of what comes lets somebody go on who waited (short answers, to users without pause), a millisecond is time
// in which those users do nothing: twenty of them would make 20,000 requests a second at the most. There rounds are
// shorter: beside what such a request costs, a look costs little.
const (
	roundLength = time.Millisecond
	shortRound  = 250 * time.Microsecond
	busyEvents  = 3000                  // readable sockets a second from which rounds pay
	busyUsers   = 3000                  // of those that let somebody go on, from which short ones do
	longestWait = 10 * time.Millisecond // how late a deadline strikes when nothing else happens
)

// poller reads the sockets in it, or wakes their readers. Its goroutine runs while there are any.
type poller struct {
	fd     int // epoll
	events [256]syscall.EpollEvent
	found  []*socket // to be poked, without the lock: a step may take it
	woken  int       // sockets whose user went on, since it was last looked
	again  []*socket // have had their turn, and more to read

	mu      sync.Mutex
	sockets map[int32]*socket
	running bool
	added   int32 // sockets so far

	next atomic.Int64 // no deadline is sooner than that
}

// thePollers are those of the process: one for two cores, so that reading takes as many as it needs and half are left
// for all else.
var thePollers = sync.OnceValues(func() ([]*poller, error) {
	var pollers []*poller
	for range max(1, runtime.GOMAXPROCS(0)/2) {
		fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
		if err != nil {
			return nil, os.NewSyscallError("epoll_create1", err)
		}
		pollers = append(pollers, &poller{fd: fd, sockets: map[int32]*socket{}})
	}
	return pollers, nil
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

// poll looks after the sockets until there are none.
func (p *poller) poll() {
	quiet, round := newWaiter(p.fd), clock.NewAlarm()
	defer round.Close()
	taken, since, length := 0, clock.Now(), roundLength
	for p.goesOn() {
		if len(p.again) > 0 {
			taken += p.take() // the others first
			p.resume()
		} else if quiet != nil {
			quiet.wait(func() bool { n := p.take(); taken += n; return n > 0 })
		} else {
			round.Wait(func() { round.Set(int64(length)) })
			taken += p.take()
		}
		t := clock.Now()
		p.expire(t)
		if t-since < int64(100*time.Millisecond) {
			continue
		}
		rate, users := perSecond(taken, t-since), perSecond(p.woken, t-since)
		taken, p.woken, since = 0, 0, t
		length = roundFor(length, users)
		switch {
		case quiet != nil && rate > busyEvents:
			quiet.close() // or the runtime's poller would go on waking for it
			quiet = nil
		case quiet == nil && rate < busyEvents/2:
			quiet = newWaiter(p.fd)
		}
	}
	if quiet != nil {
		quiet.close()
	}
}

// perSecond is what n in so many ns come to.
func perSecond(n int, ns int64) int64 { return int64(n) * int64(time.Second) / ns }

// roundFor is how long a round is after rounds of `now`, where so many users a second went on.
func roundFor(now time.Duration, users int64) time.Duration {
	switch {
	case users > busyUsers:
		return shortRound
	case users < busyUsers/2:
		return roundLength
	default:
		return now
	}
}

func (p *poller) goesOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = len(p.sockets) > 0
	return p.running
}

// take attends to what has become readable and tells how many sockets those are.
func (p *poller) take() (taken int) {
	for {
		r, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(p.fd), uintptr(unsafe.Pointer(&p.events)),
			uintptr(len(p.events)), 0, 0, 0)
		n := int(r)
		if n <= 0 || errno != 0 {
			return taken
		}
		p.found = p.found[:0]
		p.mu.Lock()
		for _, event := range p.events[:n] {
			if s := p.sockets[event.Fd]; s != nil && s.number == event.Pad {
				if event.Events&(syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
					s.ended.Store(true)
				}
				p.found = append(p.found, s)
			}
		}
		p.mu.Unlock()
		p.pokeAll()
		if taken += n; n < len(p.events) {
			return taken
		}
	}
}

// sooner notes that a socket's deadline is due then.
func (p *poller) sooner(due int64) {
	for next := p.next.Load(); (next == 0 || due < next) && !p.next.CompareAndSwap(next, due); {
		next = p.next.Load()
	}
}

// expire attends to the sockets whose deadline has passed at t.
func (p *poller) expire(t int64) {
	if next := p.next.Load(); next == 0 || t < next {
		return
	}
	p.next.Store(0)
	p.found = p.found[:0]
	p.mu.Lock()
	for _, s := range p.sockets {
		switch due := s.deadline.Load(); {
		case due == 0:
		case due <= t:
			p.found = append(p.found, s)
		default:
			p.sooner(due)
		}
	}
	p.mu.Unlock()
	p.pokeAll()
}

// pokeAll pokes what was found.
func (p *poller) pokeAll() {
	for _, s := range p.found {
		if s.poke() && !s.again {
			s.again = true
			p.again = append(p.again, s)
		}
	}
	clear(p.found)
}

// resume gives those another turn that had more to read.
func (p *poller) resume() {
	p.found = append(p.found[:0], p.again...)
	clear(p.again)
	p.again = p.again[:0]
	for _, s := range p.found {
		s.again = false
	}
	p.pokeAll()
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

// wait calls take until it returns true, whenever something may have become readable, or until the longest wait is
// over.
func (w *waiter) wait(take func() bool) {
	_ = w.file.SetReadDeadline(time.Now().Add(longestWait))
	_ = w.raw.Read(func(uintptr) bool { return take() })
}

func (w *waiter) close() { _ = w.file.Close() }
