package wire

import (
	"bytes"
	"errors"
	"fmt"
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

// length is what Content-Length says, -1 where it is not said. A proxy may say the same twice.
func (h *Head) length() (int64, error) {
	said := h.Get("Content-Length")
	if said == "" {
		return -1, nil
	}
	first, others, _ := strings.Cut(said, ",")
	first = strings.TrimSpace(first)
	n, err := strconv.ParseUint(first, 10, 63)
	for other := range strings.SplitSeq(others, ",") {
		if other = strings.TrimSpace(other); other != "" && other != first {
			err = strconv.ErrSyntax
		}
	}
	if err != nil {
		return -1, fmt.Errorf("the answer's Content-Length is %q: one number of bytes is wanted", said[:min(len(said), 60)])
	}
	return int64(n), nil
}

// chunked tells whether the answer comes in chunks. Any other coding of the transfer was not asked for.
func (h *Head) chunked() (bool, error) {
	switch coding := strings.ToLower(h.Get("Transfer-Encoding")); coding {
	case "", "identity":
		return false, nil
	case "chunked":
		return true, nil
	default:
		return false, fmt.Errorf(
			"the answer is in the transfer coding %q, which was never asked for and cannot be read here", coding[:min(len(coding), 60)])
	}
}

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
	n, err := strconv.ParseUint(code, 10, 31)
	if !strings.HasPrefix(protocol, "HTTP/1.") || err != nil || len(code) != 3 || n < 100 {
		return nil, ErrHead
	}
	h := &Head{Protocol: protocol, Status: int(n), Headers: make([]Header, 0, 12)}
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
