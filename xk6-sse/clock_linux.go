//go:build linux && (amd64 || arm64)

package sse

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const (
	soTimestamping = 37     // SO_TIMESTAMPING, and the type of its control message
	rxSoftware     = 1 << 3 // SOF_TIMESTAMPING_RX_SOFTWARE: take a stamp when a segment comes in
	software       = 1 << 4 // SOF_TIMESTAMPING_SOFTWARE: report it
)

// keepStamping holds one socket with stamping on for the process's life. The kernel stamps only while such a socket
// exists and takes a moment to start, so without it the first segments of a lone connection would have no stamp.
var keepStamping = sync.OnceValue(func() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("no socket for the kernel's stamps: %w", err)
	}
	return enableStamps(fd)
})

func enableStamps(fd int) error {
	err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, soTimestamping, rxSoftware|software)
	if err != nil {
		return fmt.Errorf("the kernel refuses SO_TIMESTAMPING: %w", err)
	}
	return nil
}

// kernelReader reads a TCP socket with recvmsg, which brings the receive stamp of the last segment it covers. It goes
// through the runtime's poller, so deadlines and Close work as for any net.Conn.
type kernelReader struct {
	raw   syscall.RawConn
	count *int64 // k6's data_received

	recv    func(fd uintptr) bool // built once: a closure a read would be garbage
	message syscall.Msghdr
	vector  syscall.Iovec
	control [64]byte // one cmsg header (16) and three timespecs (48)
	n       int
	err     error
}

// newKernelReader turns the stamps on. It fails on what is not a TCP socket.
func newKernelReader(c net.Conn, count *int64) (*kernelReader, error) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("%T is no TCP connection", c)
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, err
	}
	var enabled error
	if err := raw.Control(func(fd uintptr) { enabled = enableStamps(int(fd)) }); err != nil {
		return nil, err
	}
	if enabled != nil {
		return nil, enabled
	}
	k := &kernelReader{raw: raw, count: count}
	k.recv = k.receive
	return k, nil
}

func (k *kernelReader) receive(fd uintptr) bool {
	for {
		k.message.Control = &k.control[0]
		k.message.SetControllen(len(k.control))
		n, _, errno := syscall.Syscall(syscall.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&k.message)), 0)
		switch errno {
		case 0:
			k.n, k.err = int(n), nil
			return true
		case syscall.EINTR:
		case syscall.EAGAIN:
			return false
		default:
			k.n, k.err = 0, os.NewSyscallError("recvmsg", errno)
			return true
		}
	}
}

// read returns the number of bytes and their stamp in wall nanoseconds, 0 when the kernel gave none.
func (k *kernelReader) read(p []byte) (n int, wall int64, err error) {
	k.vector.Base = &p[0]
	k.vector.SetLen(len(p))
	k.message.Iov, k.message.Iovlen = &k.vector, 1
	err = k.raw.Read(k.recv)
	k.vector.Base = nil
	switch {
	case err != nil:
		return 0, 0, err
	case k.err != nil:
		return 0, 0, k.err
	case k.n == 0:
		return 0, 0, io.EOF
	}
	atomic.AddInt64(k.count, int64(k.n))
	return k.n, k.stamp(), nil
}

func (k *kernelReader) stamp() int64 {
	if k.message.Controllen < uint64(syscall.CmsgLen(16)) {
		return 0
	}
	header := (*syscall.Cmsghdr)(unsafe.Pointer(&k.control[0]))
	if header.Level != syscall.SOL_SOCKET || header.Type != soTimestamping {
		return 0
	}
	ts := (*syscall.Timespec)(unsafe.Pointer(&k.control[syscall.CmsgLen(0)]))
	return ts.Nano()
}
