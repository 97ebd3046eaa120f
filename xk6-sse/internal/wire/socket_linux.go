//go:build linux && (amd64 || arm64)

package wire

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/gsai-perf/xk6-sse/internal/clock"
)

// socket is a TCP connection that is read with recvmsg, which brings the kernel's receive stamp of the last segment
// that the read covers. It has been taken from the runtime's poller and given to one of ours: see poller_linux.go.
//
// Thousands of them are read in turn, so each event finds its socket's memory cold: what an event needs stands together at
// the beginning, and what the system call needs for a moment only is not in here.
type socket struct {
	fd       int
	number   int32       // tells it from an earlier one with the same descriptor
	ended    atomic.Bool // the other end has closed or broken it: reading does not block any more
	closed   atomic.Bool
	drained  bool        // the last read took all that was there
	more     bool        // the turn ended before all was read
	again    bool        // it stands in the poller's list for that
	hasten   bool        // reads wait for nothing: see atOnce
	reads    int         // of this turn, see fairReads
	turn     sync.Mutex  // who holds it calls step
	step     func() bool // reads what has come, while the socket is driven
	poller   *poller
	deadline atomic.Int64 // on the clock's scale, 0: none
	in, out  *int64       // k6's data_received and data_sent
	closing  sync.RWMutex // the descriptor is not closed, and its number not used again, under a system call

	ready         chan struct{} // a token: look again
	stepped       chan struct{} // a token: it is not driven any more
	local, remote net.Addr
}

// control is room for a stamp: one cmsg header (16) and three timespecs (48).
type control [64]byte

// newSocket takes the connection over, with stamping on. It fails on what is not a TCP connection and leaves that
// alone.
func newSocket(c net.Conn, in, out *int64) (stream, error) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("%T is no TCP connection", c)
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, err
	}
	s := &socket{
		fd: -1, local: c.LocalAddr(), remote: c.RemoteAddr(), in: in, out: out,
		ready: make(chan struct{}, 1), stepped: make(chan struct{}, 1),
	}
	var failure error
	err = raw.Control(func(fd uintptr) {
		if failure = enableStamps(int(fd)); failure != nil {
			return
		}
		copied, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, 0)
		if errno != 0 {
			failure = os.NewSyscallError("fcntl", errno)
			return
		}
		s.fd = int(copied)
	})
	if err == nil {
		err = failure
	}
	var pollers []*poller
	if err == nil {
		pollers, err = thePollers()
	}
	if err == nil {
		s.poller = pollers[s.fd%len(pollers)]
		err = s.poller.add(s)
	}
	if err != nil {
		if s.fd >= 0 {
			_ = syscall.Close(s.fd)
		}
		return nil, err
	}
	_ = tcp.Close() // the copy keeps the connection open
	return s, nil
}

// rouse lets a blocked call look again.
func (s *socket) rouse() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// overdue is why a call cannot go on, nil if it can.
func (s *socket) overdue() error {
	if s.closed.Load() {
		return net.ErrClosed
	}
	if due := s.deadline.Load(); due != 0 && clock.Now() >= due {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// read returns the number of bytes and their stamp in wall nanoseconds, 0 when the kernel gave none.
func (s *socket) read(p []byte) (n int, wall int64, err error) {
	for {
		nothing := s.drained && !s.ended.Load() && !s.hasten // trying would be a system call in vain, once an event
		if nothing && s.step != nil {
			return 0, 0, ErrNothing // a deadline that strikes has the poller call for another look
		}
		if err := s.overdue(); err != nil {
			return 0, 0, err
		}
		if nothing {
			<-s.ready
			s.drained = false
			continue
		}
		if s.step != nil && !s.hasten {
			if s.more = s.reads >= fairReads; s.more {
				return 0, 0, ErrNothing
			}
			s.reads++
		}
		// What has ended does not block, so a read that finds nothing shows that it has not. That is noted before the
		// read: what the poller tells while we look must not be overwritten by what we saw.
		told := s.ended.Load() && s.ended.Swap(false)
		n, wall, errno := s.receive(p)
		if told && errno != syscall.EAGAIN {
			s.ended.Store(true)
		}
		switch errno {
		case 0:
			if n == 0 {
				return 0, 0, io.EOF
			}
			s.drained = n < len(p)
			atomic.AddInt64(s.in, int64(n))
			return n, wall, nil
		case syscall.EAGAIN:
			s.drained = true
			if hook := afterVainRead.Load(); hook != nil {
				(*hook)()
			}
			if s.hasten {
				return 0, 0, ErrNothing
			}
		case syscall.EINTR:
		default:
			return 0, 0, os.NewSyscallError("recvmsg", errno)
		}
	}
}

// afterVainRead lets tests widen the moment between a read that finds nothing and what is made of that.
var afterVainRead atomic.Pointer[func()]

func (s *socket) atOnce(on bool) { s.hasten = on }

// receive reads once. What the system call fills in lies on the stack, which is warm.
func (s *socket) receive(p []byte) (n int, wall int64, errno syscall.Errno) {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed.Load() {
		return 0, 0, syscall.EBADF
	}
	var (
		told    control
		vector  = syscall.Iovec{Base: &p[0]}
		message = syscall.Msghdr{Iov: &vector, Iovlen: 1, Control: &told[0]}
	)
	vector.SetLen(len(p))
	message.SetControllen(len(told))
	r, _, errno := syscall.RawSyscall(syscall.SYS_RECVMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&message)), 0)
	if errno != 0 || message.Controllen < uint64(syscall.CmsgLen(16)) {
		return int(r), 0, errno
	}
	return int(r), told.stamp(), 0
}

// stamp is the wall time in it, ns, 0 where there is none.
func (c *control) stamp() int64 {
	header := (*syscall.Cmsghdr)(unsafe.Pointer(&c[0]))
	if header.Level != syscall.SOL_SOCKET || header.Type != soTimestamping {
		return 0
	}
	ts := (*syscall.Timespec)(unsafe.Pointer(&c[syscall.CmsgLen(0)]))
	return ts.Nano()
}

// Read makes it a net.Conn; stamped calls read.
func (s *socket) Read(p []byte) (int, error) {
	n, _, err := s.read(p)
	return n, err
}

// Write writes all of p. A full buffer is rare (a prompt of many hundred kilobytes), so it is waited for simply.
func (s *socket) Write(p []byte) (written int, err error) {
	for written < len(p) {
		if err := s.overdue(); err != nil {
			return written, err
		}
		n, errno := s.send(p[written:])
		switch errno {
		case 0:
			written += n
			atomic.AddInt64(s.out, int64(n))
		case syscall.EAGAIN:
			time.Sleep(time.Millisecond)
		case syscall.EINTR:
		default:
			return written, os.NewSyscallError("write", errno)
		}
	}
	return written, nil
}

func (s *socket) send(p []byte) (int, syscall.Errno) {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed.Load() {
		return 0, syscall.EBADF
	}
	n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(s.fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	return int(n), errno
}

// Close closes it and wakes who is blocked in it.
func (s *socket) Close() error {
	if s.closed.Swap(true) {
		return net.ErrClosed
	}
	s.poller.remove(s)
	s.rouse()
	s.closing.Lock()
	defer s.closing.Unlock()
	return os.NewSyscallError("close", syscall.Close(s.fd))
}

func (s *socket) LocalAddr() net.Addr  { return s.local }
func (s *socket) RemoteAddr() net.Addr { return s.remote }

// SetDeadline holds for reading and writing.
func (s *socket) SetDeadline(t time.Time) error {
	due := int64(0)
	if !t.IsZero() {
		due = max(1, clock.Of(t))
	}
	s.deadline.Store(due)
	if due != 0 {
		s.poller.sooner(due)
	}
	return nil
}

// SetReadDeadline and SetWriteDeadline set the one deadline there is.
func (s *socket) SetReadDeadline(t time.Time) error  { return s.SetDeadline(t) }
func (s *socket) SetWriteDeadline(t time.Time) error { return s.SetDeadline(t) }
