package wire

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// Body takes the framing off an answer: chunked, by length, or until the connection's end.
type Body struct {
	c       *Conn
	fill    func() error
	chunked bool
	left    int64 // of the chunk or the length, or untilTheEnd
	inChunk bool  // a chunk's CRLF is still to be taken off
	trailer bool  // the last chunk is over
	end     bool  // the orderly end has been reached
	spare   []byte
}

// untilTheEnd: the answer lasts until the connection's end, or the stream's.
const untilTheEnd = -1

// Ended tells that the orderly end has been reached.
func (b *Body) Ended() bool { return b.end }

// Next returns the payload that is at hand, reading only when there is none. io.EOF is the orderly end; anything
// else, an early io.EOF of the connection too (as io.ErrUnexpectedEOF), is a broken one. Valid until the next call.
func (b *Body) Next() ([]byte, error) {
	for !b.end {
		if b.chunked && b.left == 0 {
			if err := b.chunkHead(); err != nil {
				return nil, early(err)
			}
			continue
		}
		c := b.c
		if c.r == c.w {
			if err := b.fill(); err != nil {
				if b.left < 0 && errors.Is(err, io.EOF) {
					b.end = true
					break
				}
				return nil, early(err)
			}
		}
		n := c.w - c.r
		if b.left >= 0 {
			n = int(min(int64(n), b.left))
			b.left -= int64(n)
			b.end = b.left == 0 && !b.chunked
		}
		p := c.buf[c.r : c.r+n]
		c.r += n
		return p, nil
	}
	return nil, io.EOF
}

func early(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// chunkHead takes off the line with the next chunk's size, and after the last chunk the trailers. What it has taken off
// stays so when it fails with ErrNothing.
func (b *Body) chunkHead() error {
	if b.trailer {
		return b.trailers()
	}
	if b.inChunk {
		line, err := b.line()
		if err != nil || len(line) > 0 {
			return orBroken(err)
		}
		b.inChunk = false
	}
	line, err := b.line()
	if err != nil {
		return err
	}
	digits, _, _ := bytes.Cut(line, []byte{';'})
	size, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 63) // no sign may stand there
	if err != nil {
		return errChunk
	}
	b.left, b.inChunk = int64(size), true
	if size > 0 {
		return nil
	}
	b.trailer = true
	return b.trailers()
}

func (b *Body) trailers() error {
	for {
		line, err := b.line()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			b.end = true
			return nil
		}
	}
}

func orBroken(err error) error {
	if err == nil {
		return errChunk
	}
	return err
}

// line takes one line of the framing, without its end.
func (b *Body) line() ([]byte, error) {
	for {
		c := b.c
		if i := bytes.IndexByte(c.buf[c.r:c.w], '\n'); i >= 0 {
			line := c.buf[c.r : c.r+i]
			c.r += i + 1
			return bytes.TrimSuffix(line, []byte{'\r'}), nil
		}
		if c.w-c.r >= ReadSize {
			return nil, errChunk
		}
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
}

// Read makes the body an io.Reader: for gzip, which pulls.
func (b *Body) Read(p []byte) (int, error) {
	if len(b.spare) == 0 {
		var err error
		if b.spare, err = b.Next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.spare)
	b.spare = b.spare[n:]
	return n, nil
}
