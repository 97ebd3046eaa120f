package sse

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// answer takes the head and reads the body by what it is.
func (x *exchange) answer(h *head, err error) error {
	r := x.r
	if err != nil {
		if errors.Is(err, errHead) || errors.Is(err, errLarge) {
			return failed("malformed", "%s", err)
		}
		return err
	}
	r.head, r.status = h, h.status
	framing, keep, err := newBody(x.c, x.fill, h, x.r.method)
	if err != nil {
		return failed("malformed", "%s", err)
	}
	read, driver := framing.next, x.c.kernel
	if strings.EqualFold(h.get("Content-Encoding"), "gzip") && !framing.end {
		x.c.stampReads()
		read, driver = unzipped(framing, &r.bytes), nil // the decoder cannot go on after errNothing
	}
	good := h.status >= 200 && h.status < 300
	isStream := strings.Contains(strings.ToLower(h.get("Content-Type")), "text/event-stream")
	switch {
	case good && !x.p.json && isStream:
		err = x.readEvents(read, driver)
	case good && x.p.json:
		err = x.readDocument(read, documentLimit)
	default:
		err = x.readDocument(read, shownLimit)
	}
	r.reusable = keep && framing.end && x.c.r == x.c.w && !x.state.Options.NoConnectionReuse.Bool
	if err != nil {
		return err
	}
	if e, ok := first(r.document, x.p.paths.failure); ok && !good {
		r.streamError = clip(e.String())
	}
	switch {
	case h.status < 200 || h.status >= 300 && h.status < 400:
		x.malformed = "status " + itoa(h.status) + redirect(h)
	case good && !x.p.json && !isStream && len(r.document) > 0:
		x.malformed = fmt.Sprintf("the answer is %q, not an event stream", clip(h.get("Content-Type")))
	}
	return nil
}

// redirect names where a redirect leads; only the host, for the rest may hold what must not be shown.
func redirect(h *head) string {
	location := h.get("Location")
	u, err := url.Parse(location)
	if location == "" || err != nil {
		return ""
	}
	host := u.Host
	if host == "" {
		host = "the same host"
	}
	return ": a redirect to " + host + ", which is not followed"
}

// unzipped decodes an answer that came in gzip unasked. The decoder hands events over when its
// blocks end, so the read is their stamp, and the run says so. What a read brought is decoded at once.
func unzipped(from *body, bytes *int64) func() ([]byte, error) {
	var z *gzip.Reader
	out := make([]byte, readSize)
	return func() ([]byte, error) {
		if z == nil {
			var err error
			if z, err = gzip.NewReader(from); err != nil {
				return nil, unzipError(err)
			}
		}
		n, err := z.Read(out)
		if n > 0 {
			return out[:n], nil
		}
		if errors.Is(err, io.EOF) {
			for err = nil; err == nil; { // the framing's own end
				_, err = from.next()
			}
		}
		return nil, unzipError(err)
	}
}

func unzipError(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return failed("malformed", "the answer says it is gzip and is not")
	}
	return err
}

// readDocument reads an answer that is no stream, to the end or to limit.
func (x *exchange) readDocument(read func() ([]byte, error), limit int) error {
	r := x.r
	size := x.u.size // the last one's, for want of a length
	if n, err := strconv.Atoi(r.head.get("Content-Length")); err == nil && n > 0 {
		size = n
	}
	r.document = make([]byte, 0, min(size, shownLimit))
	defer func() { x.u.size = len(r.document) }()
	for {
		p, err := read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		x.arrived(len(p))
		r.e2e = x.c.stamp - x.sent
		r.document = append(r.document, p...)
		if len(r.document) >= limit {
			if x.p.json && limit == documentLimit {
				return failed("malformed", "the document is larger than %d MiB", limit>>20)
			}
			r.document = r.document[:limit]
			return nil // the connection is not at its end, so it will be closed
		}
	}
}
