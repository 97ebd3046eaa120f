//go:build !linux || (!amd64 && !arm64)

package wire

import (
	"errors"
	"net"
)

const ownPoller = "none"

var errNoStamps = errors.New("the kernel gives no receive times on this platform; it does on Linux, on amd64 and arm64")

func keepStamping() error { return errNoStamps }

func newSocket(net.Conn, *int64, *int64) (stream, error) { return nil, errNoStamps }
