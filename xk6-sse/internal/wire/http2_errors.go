package wire

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/net/http2"

	"github.com/gsai-perf/xk6-sse/internal/outcome"
)

// unread are the library's errors, which have no types, for a request that it did not send, or that the server said it
// would not look at (RFC 9113, 6.8 and 8.7).
var unread = []string{
	"http2: client conn not usable", "http2: Transport received Server's graceful shutdown GOAWAY",
	"http2: client conn is closed",
}

// ended tells what the library's error means.
func (s *http2Conn) ended(err error) error {
	var stream http2.StreamError
	var connection http2.ConnectionError
	isStream, sentence := errors.As(err, &stream), err.Error() // some of the library's errors have no type
	switch {
	case isStream && strings.Contains(sentence, "received from peer"):
		if stream.Code == http2.ErrCodeRefusedStream {
			return &Unread{err}
		}
		return outcome.Failed(outcome.Reset, "the stream was reset: %s", stream.Code)
	case s.response != nil:
		return err
	case slices.Contains(unread, sentence):
		return &Unread{err}
	case strings.Contains(sentence, "header list larger"):
		return outcome.Failed(outcome.Malformed, "%s", ErrLarge)
	case isStream, errors.As(err, &connection), errors.Is(err, http2.ErrFrameTooLarge):
		return outcome.Failed(outcome.Malformed, "the answer is not HTTP/2: %s", sentence)
	}
	return err
}
