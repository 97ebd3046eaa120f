//go:build linux && (amd64 || arm64)

package wire

import (
	"fmt"
	"sync"
	"syscall"
)

// ownPoller names the pollers of poller_linux.go.
const ownPoller = "epoll"

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
