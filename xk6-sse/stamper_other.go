//go:build !linux || (!amd64 && !arm64)

package sse

import (
	"errors"
	"net"
)

var errNoStamps = errors.New("this platform has no kernel receive stamps here: linux on amd64 or arm64 does")

func keepStamping() error { return errNoStamps }

// socket exists so that the callers compile everywhere; the self-test keeps it from being made.
type socket struct{ net.Conn }

func newSocket(net.Conn, *int64, *int64) (*socket, error) { return nil, errNoStamps }

func (*socket) read([]byte) (int, int64, error) { return 0, 0, errNoStamps }

func (*socket) drive(func() bool) {}

var errNothing = errors.New("nothing has come")
