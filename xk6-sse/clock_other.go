//go:build !linux || (!amd64 && !arm64)

package sse

import (
	"errors"
	"net"
)

var errNoStamps = errors.New("this platform has no kernel receive stamps here: linux on amd64 or arm64 does")

func keepStamping() error { return errNoStamps }

// kernelReader exists so that the callers compile everywhere; the self-test keeps it from being made.
type kernelReader struct{}

func newKernelReader(net.Conn, *int64) (*kernelReader, error) { return nil, errNoStamps }

func (*kernelReader) read([]byte) (int, int64, error) { return 0, 0, errNoStamps }
