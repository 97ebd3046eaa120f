//go:build !unix

package wire

import (
	"errors"
	"net"
	"os"
	"time"
)

// readAtOnce reads what has come: ErrNothing when nothing has. Where a socket cannot be asked, it waits as shortly as the
// system's timers can.
func readAtOnce(c net.Conn, p []byte) (n int, err error) {
	_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
	defer func() { _ = c.SetReadDeadline(time.Time{}) }()
	if n, err = c.Read(p); errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, ErrNothing
	}
	return n, err
}
