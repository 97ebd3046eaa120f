package sse

import (
	"context"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// dialerOf opens connections through k6's dialer (hosts, block lists, DNS) with k6's TLS settings.
func dialerOf(state *lib.State) wire.Dialer {
	return wire.Dialer{TLS: state.TLSConfig, Dial: func(ctx context.Context, addr string) (wire.Raw, error) {
		c, err := state.Dialer.DialContext(ctx, "tcp", addr)
		if err != nil {
			return wire.Raw{}, err
		}
		raw := wire.Raw{Conn: c}
		if counted, ok := c.(*netext.Conn); ok { // counts data_sent and data_received
			raw.TCP, raw.In, raw.Out = counted.Conn, counted.BytesRead, counted.BytesWritten
		}
		return raw, nil
	}}
}
