package wire

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// inPieces is a connection that brings these pieces, with nothing to read before each.
type inPieces struct {
	net.Conn
	left  [][]byte
	ready bool
}

func (c *inPieces) Read(p []byte) (int, error) {
	if c.ready = !c.ready; c.ready {
		return 0, ErrNothing
	}
	for len(c.left) > 0 && len(c.left[0]) == 0 {
		c.left = c.left[1:]
	}
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.left[0])
	c.left[0] = c.left[0][n:]
	return n, nil
}

// unframed is what a chunked answer in these pieces holds, and how it ended.
func unframed(pieces ...[]byte) (string, string) {
	c := &Conn{transport: &http1{Conn: &inPieces{left: pieces}}, buf: make([]byte, ReadSize)}
	b := &Body{c: c, fill: c.Fill, chunked: true}
	var payload []byte
	for {
		p, err := b.Next()
		switch {
		case errors.Is(err, ErrNothing):
		case err != nil:
			return string(payload), fmt.Sprint(err, b.end)
		default:
			payload = append(payload, p...)
		}
	}
}

func FuzzFramingGoesOnWhereItStopped(f *testing.F) {
	for _, in := range []string{
		"5\r\nhello\r\n0\r\n\r\n", "5;a=b\r\nhello\r\n3\r\nabc\r\n0\r\nX: 1\r\nY: 2\r\n\r\n", "5\nhello\n0\n\n", "5\r\nhel", "zz\r\n", "5\r\nhelloX\r\n", "-1\r\n",
		"0\r\n", "0\r\nX: 1", "ffffffffffffffff\r\n", "\r\n", "1\r\n\n\r\n0\r\n\r\nmore",
	} {
		f.Add([]byte(in), uint16(1), uint16(4))
	}
	f.Fuzz(func(t *testing.T, in []byte, a, b uint16) {
		if len(in) >= ReadSize { // a line may be as long as the buffer, and where it is cut then decides
			return
		}
		payload, end := unframed(append([]byte{}, in...))
		i := int(a) % (len(in) + 1)
		j := i + int(b)%(len(in)-i+1)
		bytes := make([][]byte, len(in))
		for k := range in {
			bytes[k] = in[k : k+1]
		}
		for _, pieces := range [][][]byte{{in[:i], in[i:j], in[j:]}, bytes} {
			inParts, endInParts := unframed(pieces...)
			assert.Equal(t, payload, inParts)
			assert.Equal(t, end, endInParts)
		}
	})
}

// brittle takes so many bytes and breaks.
type brittle struct {
	net.Conn
	takes int
}

func (b brittle) Write(p []byte) (int, error) { return min(b.takes, len(p)), syscall.EPIPE }

// What the socket took may have been read, and billed: only a request of which it took nothing may go out again.
func TestOnlyARequestThatWasNotWrittenAtAllIsUnread(t *testing.T) {
	for takes, want := range map[int]bool{0: true, 1: false, 5: false} {
		_, err := (&http1{Conn: brittle{takes: takes}}).send([]byte("POST / HTTP/1.1"))
		var unread *Unread
		assert.Equal(t, want, errors.As(err, &unread), "%d bytes were written", takes)
		assert.ErrorIs(t, err, syscall.EPIPE)
	}
}
