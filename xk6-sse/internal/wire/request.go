package wire

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Header is one line of a head.
type Header struct{ Name, Value string }

// AppendHead writes the request line and all headers but those of the body. A header that would break the framing is an
// error of the script's.
func AppendHead(out []byte, method string, to *Target, headers []Header, agent string) ([]byte, error) {
	host, auth := to.URL.Host, false
	for _, h := range headers {
		switch strings.ToLower(h.Name) {
		case "host":
			host = h.Value
		case "user-agent":
			agent = ""
		case "authorization":
			auth = true
		}
	}
	if !httpguts.ValidHeaderFieldName(method) {
		return nil, fmt.Errorf("the method %q is not a method of HTTP", method)
	}
	out = append(out, method...)
	out = append(out, ' ')
	out = append(out, to.form...)
	out = append(out, " HTTP/1.1\r\n"...)
	out = line(out, "Host", host)
	if via := to.Forwarder(); via != nil && via.login() != "" {
		out = line(out, "Proxy-Authorization", via.login())
	}
	if agent != "" {
		out = line(out, "User-Agent", agent)
	}
	if to.URL.User != nil && !auth {
		password, _ := to.URL.User.Password()
		pair := to.URL.User.Username() + ":" + password
		out = line(out, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	return AppendHeaders(out, headers)
}

// AppendHeaders writes the headers that do not stand elsewhere.
func AppendHeaders(out []byte, headers []Header) ([]byte, error) {
	for _, h := range headers {
		if !httpguts.ValidHeaderFieldName(h.Name) || !httpguts.ValidHeaderFieldValue(h.Value) {
			return nil, fmt.Errorf("the header %q cannot be sent: its name or value holds characters that HTTP forbids",
				h.Name)
		}
		switch strings.ToLower(h.Name) {
		case "host", "content-length", "transfer-encoding":
		default:
			out = line(out, h.Name, h.Value)
		}
	}
	return out, nil
}

// AppendBody writes the rest of the request; the body may be given in pieces.
func AppendBody(out []byte, method string, body ...string) []byte {
	length := 0
	for _, piece := range body {
		length += len(piece)
	}
	if length > 0 || (method != "GET" && method != "HEAD") {
		out = line(out, "Content-Length", strconv.Itoa(length))
	}
	out = append(out, "\r\n"...)
	for _, piece := range body {
		out = append(out, piece...)
	}
	return out
}

func line(out []byte, name, value string) []byte {
	out = append(out, name...)
	out = append(out, ": "...)
	out = append(out, value...)
	return append(out, "\r\n"...)
}
