//go:build unix

package wire

import (
	"io"
	"net"
	"os"
	"syscall"
)

// readAtOnce reads what has come and does not wait: ErrNothing when nothing has.
func readAtOnce(c net.Conn, p []byte) (n int, err error) {
	asked, ok := c.(syscall.Conn)
	if !ok {
		return 0, ErrNothing // it cannot be known
	}
	raw, err := asked.SyscallConn()
	if err != nil {
		return 0, err
	}
	failure := raw.Read(func(fd uintptr) bool {
		n, err = syscall.Read(int(fd), p)
		return true // also when it would have to wait
	})
	switch {
	case failure != nil:
		return 0, failure
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return 0, ErrNothing
	case err != nil:
		return 0, os.NewSyscallError("read", err)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
