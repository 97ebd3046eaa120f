package sse

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// head is an answer's status line and headers.
type head struct {
	protocol string
	status   int
	headers  []header // as they came
}

// get joins the values of a header as one list.
func (h *head) get(name string) string {
	var found string
	for _, line := range h.headers {
		if strings.EqualFold(line.name, name) {
			if found != "" {
				found += ", "
			}
			found += line.value
		}
	}
	return found
}

// headLimit bounds what a target can make us keep.
const headLimit = 64 << 10

var (
	errHead  = errors.New("the answer is not HTTP/1.1")
	errLarge = errors.New("the answer's headers are larger than 64 KiB")
	errChunk = errors.New("the answer's chunked coding is broken")
)

// readHead reads up to the blank line. `fill` brings more bytes into the connection's buffer.
func readHead(c *conn, fill func() error) (*head, error) {
	scanned := 0
	for {
		if n := headEnd(c.buf[c.r+scanned : c.w]); n >= 0 {
			raw := string(c.buf[c.r : c.r+scanned+n])
			c.r += scanned + n
			h, err := parseHead(raw)
			if err == nil && h.status >= 100 && h.status < 200 && h.status != 101 { // interim: the answer follows
				scanned = 0
				continue
			}
			return h, err
		}
		if c.w-c.r >= headLimit {
			return nil, errLarge
		}
		scanned = max(0, c.w-c.r-3) // the blank line may be split
		if c.r == 0 && c.w == len(c.buf) {
			c.buf = append(c.buf, make([]byte, len(c.buf))...)
		}
		if err := fill(); err != nil {
			return nil, err
		}
	}
}

// headEnd is the length up to and with the blank line, -1 when it has not come.
func headEnd(p []byte) int {
	i := bytes.Index(p, []byte("\n\r\n"))
	j := bytes.Index(p, []byte("\n\n"))
	switch {
	case j >= 0 && (i < 0 || j < i):
		return j + 2
	case i >= 0:
		return i + 3
	}
	return -1
}

func parseHead(raw string) (*head, error) {
	first, rest, _ := strings.Cut(raw, "\n")
	protocol, status, _ := strings.Cut(strings.TrimRight(first, "\r"), " ")
	code, _, _ := strings.Cut(strings.TrimLeft(status, " "), " ")
	n, err := strconv.Atoi(code)
	if !strings.HasPrefix(protocol, "HTTP/1.") || err != nil || len(code) != 3 {
		return nil, errHead
	}
	h := &head{protocol: protocol, status: n, headers: make([]header, 0, 12)}
	for rest != "" {
		var text string
		text, rest, _ = strings.Cut(rest, "\n")
		name, value, ok := strings.Cut(strings.TrimRight(text, "\r"), ":")
		if ok {
			h.headers = append(h.headers, header{name, strings.TrimSpace(value)})
		}
	}
	return h, nil
}

// body takes the framing off an answer: chunked, by length, or until the connection's end.
type body struct {
	c       *conn
	fill    func() error
	chunked bool
	left    int64 // of the chunk or the length; -1: until the end
	inChunk bool  // a chunk's CRLF is still to be taken off
	trailer bool  // the last chunk is over
	end     bool  // the orderly end has been reached
	spare   []byte
}

// newBody reads from the headers how long the answer is. It also tells whether the connection can be used again.
func newBody(c *conn, fill func() error, h *head, method string) (b *body, keep bool, err error) {
	b = &body{c: c, fill: fill}
	if c.h2 != nil { // the stream's end is the answer's
		b.left = -1
		return b, true, nil
	}
	connection := strings.ToLower(h.get("Connection"))
	keep = !strings.Contains(connection, "close") && (h.protocol == "HTTP/1.1" || strings.Contains(connection, "keep-alive"))
	length := h.get("Content-Length")
	switch {
	case method == "HEAD" || h.status == 204 || h.status == 304:
		b.end = true
	case strings.EqualFold(h.get("Transfer-Encoding"), "chunked"):
		b.chunked = true
	case length != "":
		b.left, err = strconv.ParseInt(length, 10, 63)
		if err != nil || b.left < 0 {
			return nil, false, errHead
		}
		b.end = b.left == 0
	default:
		b.left, keep = -1, false
	}
	return b, keep, nil
}

// next returns the payload that is at hand, reading only when there is none. io.EOF is the orderly end; anything
// else, an early io.EOF of the connection too (as io.ErrUnexpectedEOF), is a broken one. Valid until the next call.
func (b *body) next() ([]byte, error) {
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
// stays so when it fails with errNothing.
func (b *body) chunkHead() error {
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
	size, err := strconv.ParseInt(string(bytes.TrimSpace(digits)), 16, 63)
	if err != nil || size < 0 {
		return errChunk
	}
	b.left, b.inChunk = size, true
	if size > 0 {
		return nil
	}
	b.trailer = true
	return b.trailers()
}

func (b *body) trailers() error {
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
func (b *body) line() ([]byte, error) {
	for {
		c := b.c
		if i := bytes.IndexByte(c.buf[c.r:c.w], '\n'); i >= 0 {
			line := c.buf[c.r : c.r+i]
			c.r += i + 1
			return bytes.TrimSuffix(line, []byte{'\r'}), nil
		}
		if c.w-c.r >= readSize {
			return nil, errChunk
		}
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
}

// Read makes the body an io.Reader: for gzip, which pulls.
func (b *body) Read(p []byte) (int, error) {
	if len(b.spare) == 0 {
		var err error
		if b.spare, err = b.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.spare)
	b.spare = b.spare[n:]
	return n, nil
}
