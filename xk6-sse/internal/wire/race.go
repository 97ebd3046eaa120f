package wire

import (
	"context"
	"net"
	"time"
)

// Patience is how long an address may take to answer before the next one is tried beside it (RFC 8305, section 5).
const Patience = 250 * time.Millisecond

// Race dials `first`, and the others when that has failed or has not answered within Patience, one after the other,
// until one answers: a name of which one address is dead is reached by the rest. `others` is called only then. `failed`
// says what the address that was tried first came to where another one won, nil where it won itself. When none answers,
// the error is that of the first.
func Race(
	ctx context.Context, first string, others func() []string, dial func(context.Context, string) (net.Conn, error),
) (won net.Conn, failed, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // whoever is still dialling
	type result struct {
		n   int
		c   net.Conn
		err error
	}
	results := make(chan result)
	try := func(n int, addr string) {
		c, err := dial(ctx, addr)
		select {
		case results <- result{n, c, err}:
		case <-ctx.Done():
			if c != nil {
				_ = c.Close()
			}
		}
	}
	running, tried := 1, 1
	go try(0, first)
	var left []string
	next := func() {
		if others != nil {
			left, others = others(), nil
		}
		if len(left) > 0 {
			go try(tried, left[0])
			left, running, tried = left[1:], running+1, tried+1
		}
	}
	impatient := time.NewTimer(Patience)
	defer impatient.Stop()
	failed = errSlow
	for {
		select {
		case r := <-results:
			running--
			switch {
			case r.err == nil && r.n == 0:
				return r.c, nil, nil
			case r.err == nil:
				return r.c, failed, nil
			case r.n == 0:
				failed = r.err
			}
			if next(); running == 0 {
				return nil, nil, failed
			}
		case <-impatient.C:
			next()
		case <-ctx.Done():
			if failed == errSlow {
				failed = ctx.Err()
			}
			return nil, nil, failed
		}
		impatient.Reset(Patience)
	}
}

// errSlow: the address was still silent when another one answered.
var errSlow error = slow{}

type slow struct{}

func (slow) Error() string { return "no answer within " + Patience.String() }
