//go:build !linux || (!amd64 && !arm64)

package wire

import (
	"errors"
	"net"
)

const ownPoller = "none"

var errNoStamps = errors.New("this platform has no kernel receive stamps here: linux on amd64 or arm64 does")

func keepStamping() error { return errNoStamps }

func newSocket(net.Conn, *int64, *int64) (stream, error) { return nil, errNoStamps }
