package wire

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// Head is an answer's status line and headers.
type Head struct {
	Protocol string
	Status   int
	Headers  []Header // as they came
}

// Get joins the values of a header as one list.
func (h *Head) Get(name string) string {
	var found string
	for _, line := range h.Headers {
		if strings.EqualFold(line.Name, name) {
			if found != "" {
				found += ", "
			}
			found += line.Value
		}
	}
	return found
}

// headLimit bounds what a target can make us keep.
const headLimit = 64 << 10

// Why an answer is none.
var (
	ErrHead  = errors.New("the answer is not HTTP/1.1")
	ErrLarge = errors.New("the answer's headers are larger than 64 KiB")
	errChunk = errors.New("the answer's chunked coding is broken")
)

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

func parseHead(raw string) (*Head, error) {
	first, rest, _ := strings.Cut(raw, "\n")
	protocol, status, _ := strings.Cut(strings.TrimRight(first, "\r"), " ")
	code, _, _ := strings.Cut(strings.TrimLeft(status, " "), " ")
	n, err := strconv.Atoi(code)
	if !strings.HasPrefix(protocol, "HTTP/1.") || err != nil || len(code) != 3 {
		return nil, ErrHead
	}
	h := &Head{Protocol: protocol, Status: n, Headers: make([]Header, 0, 12)}
	for rest != "" {
		var text string
		text, rest, _ = strings.Cut(rest, "\n")
		name, value, ok := strings.Cut(strings.TrimRight(text, "\r"), ":")
		if ok {
			h.Headers = append(h.Headers, Header{name, strings.TrimSpace(value)})
		}
	}
	return h, nil
}
