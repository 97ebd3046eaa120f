package sse

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gsai-perf/xk6-sse/internal/content"
	"github.com/gsai-perf/xk6-sse/internal/ledger"
	"github.com/gsai-perf/xk6-sse/internal/outcome"
	"github.com/gsai-perf/xk6-sse/internal/wire"
)

// grace is how long a response may stay open after [DONE], or after an error event, until it is closed by us.
const grace = 2 * time.Second

// errLeftOpen ends a response that stayed open. It is no failure.
var errLeftOpen = errors.New("the response stayed open")

// answer takes the head and reads the body by what it is.
func (x *exchange) answer(h *wire.Head, err error) error {
	r := x.r
	if err != nil {
		if errors.Is(err, wire.ErrHead) || errors.Is(err, wire.ErrLarge) {
			return outcome.Failed(outcome.Malformed, "%s", err)
		}
		return err
	}
	r.head, r.status = h, h.Status
	if hit := x.u.v.load.cacheHit; hit != nil {
		if says := hit.in(h); says != "" {
			r.remark(ledger.RemarkCache, clip(says))
		}
	}
	framing, keep, err := x.c.Body(h, x.r.method, x.fill)
	if err != nil {
		return outcome.Failed(outcome.Malformed, "%s", err)
	}
	good := h.Status >= 200 && h.Status < 300
	from := source{framing, x.c}
	coding, readable := codingOf(h)
	if coding != "" && readable && !framing.Ended() {
		x.c.StampReads()
		from = source{payload: &unzipped{from: framing, most: x.bounds.unpacked}} // cannot go on after wire.ErrNothing
	}
	isStream := strings.Contains(strings.ToLower(h.Get("Content-Type")), "text/event-stream")
	switch {
	case !readable && !framing.Ended():
		x.broken(
			"the answer is in the content coding %q, which was never asked for and cannot be read here",
			clip(coding),
		)
		err = x.readAll(from, x.upTo(shownLimit))
		r.document = nil
	case good && !x.p.json:
		err = x.readGood(from, isStream)
	case good:
		err = x.readDocument(from)
	default:
		err = x.readAll(from, x.upTo(shownLimit))
	}
	if errors.Is(err, errLeftOpen) {
		r.remark(ledger.RemarkLeftOpen, "")
		r.leftOpen = true
		return nil
	}
	r.reusable = keep && framing.Ended() && x.c.Drained() && !x.state.Options.NoConnectionReuse.Bool
	if err != nil {
		if errors.Is(err, errEnough) {
			return nil // the connection is not at its end, so it will be closed
		}
		return err
	}
	x.name(h, good, isStream)
	return nil
}

// name says what is wrong with an answer that has been read to its end.
func (x *exchange) name(h *wire.Head, good, isStream bool) {
	r := x.r
	if good && (x.p.json || x.reading != kindDocument) {
		return // it is judged by what it says
	}
	says := ""
	if x.shape(r.document) == content.JSON {
		says, _ = x.failure()
	}
	switch {
	case !good:
		r.streamError = says
		if h.Status < 400 {
			x.broken("status %d%s", h.Status, redirect(h))
		}
	case says != "":
		x.failed("status " + itoa(h.Status) + ", and the body is an error: " + says)
	case isStream:
		x.broken("the answer says that it is an event stream, but it is not one: it begins with %q", x.opening())
	default:
		x.broken("the answer is %q, not an event stream; it begins with %q", clip(h.Get("Content-Type")), x.opening())
	}
}

// codingOf is the content coding, "" without one, and whether it can be read. None was asked for.
func codingOf(h *wire.Head) (coding string, readable bool) {
	coding = strings.TrimSpace(h.Get("Content-Encoding"))
	switch strings.ToLower(coding) {
	case "", "identity", "none", "utf-8": // the last two are no codings, and harmless
		return "", true
	case "gzip", "x-gzip":
		return coding, true
	}
	return coding, false
}

// redirect names where a redirect leads; only the host, for the rest may hold what must not be shown.
func redirect(h *wire.Head) string {
	location := h.Get("Location")
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

// unzipped decodes an answer that came in gzip unasked, up to `most` bytes. The decoder hands events over when its
// blocks end, so the read is their stamp, and the run says so. What a read brought is decoded at once.
type unzipped struct {
	from        *wire.Body
	most, total int64
	z           *gzip.Reader
	out         [wire.ReadSize]byte
}

// Next is payload's.
func (u *unzipped) Next() ([]byte, error) {
	if u.z == nil {
		var err error
		if u.z, err = gzip.NewReader(u.from); err != nil {
			return nil, unzipError(err)
		}
	}
	n, err := u.z.Read(u.out[:])
	if u.total += int64(n); u.total > u.most {
		return nil, beyond("the answer, unpacked from gzip,", mib(u.most), "UNPACKED_LIMIT")
	}
	if n > 0 {
		return u.out[:n], nil
	}
	if errors.Is(err, io.EOF) {
		for err = nil; err == nil; { // the framing's own end
			_, err = u.from.Next()
		}
	}
	return nil, unzipError(err)
}

func unzipError(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) {
		return outcome.Failed(outcome.Malformed, "the answer says that it is gzip, but it cannot be unpacked to its end (%v)", err)
	}
	return err
}

// readDocument reads an answer that is to be one document.
func (x *exchange) readDocument(from source) error {
	r := x.r
	size := x.u.size // the last one's, for want of a length
	if n, err := strconv.Atoi(r.head.Get("Content-Length")); err == nil && n > 0 {
		size = n
	}
	if size = min(size, shownLimit); size > free && !x.pay(int64(size)) {
		size = free
	}
	r.document, x.documentRoom = make([]byte, 0, size), int64(max(size, free))
	defer func() { x.u.size = len(r.document) }()
	return x.readAll(from, func(p []byte) bool {
		return x.keep(p, x.bounds.document, "the document", "DOCUMENT_LIMIT")
	})
}

// errEnough ends the reading of a body of which only the beginning is wanted.
var errEnough = errors.New("enough has been read")

// upTo keeps the first bytes of a body and then ends it: for errors.
func (x *exchange) upTo(limit int) func([]byte) bool {
	return func(p []byte) bool {
		if !x.keep(p[:min(len(p), limit-len(x.r.document))], int64(limit), "the error's body", "DOCUMENT_LIMIT") {
			x.refused = errEnough // an error page need not be whole
			return false
		}
		if len(x.r.document) >= limit {
			x.refused = errEnough
			return false
		}
		return true
	}
}
