package sse

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// header is one line of the request, as the script gave it.
type header struct{ name, value string }

// appendHead writes the request line and all headers but those of the body. A header that would break the framing is an
// error of the script's.
func appendHead(out []byte, method string, to *target, headers []header, agent string) ([]byte, error) {
	host, auth := to.url.Host, false
	for _, h := range headers {
		switch strings.ToLower(h.name) {
		case "host":
			host = h.value
		case "user-agent":
			agent = ""
		case "authorization":
			auth = true
		}
	}
	if !httpguts.ValidHeaderFieldName(method) {
		return nil, fmt.Errorf("the method %q is none", method)
	}
	out = append(out, method...)
	out = append(out, ' ')
	out = append(out, to.path...)
	out = append(out, " HTTP/1.1\r\n"...)
	out = line(out, "Host", host)
	if agent != "" {
		out = line(out, "User-Agent", agent)
	}
	if to.url.User != nil && !auth {
		password, _ := to.url.User.Password()
		pair := to.url.User.Username() + ":" + password
		out = line(out, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	return appendHeaders(out, headers)
}

// appendHeaders writes the headers that do not stand elsewhere.
func appendHeaders(out []byte, headers []header) ([]byte, error) {
	for _, h := range headers {
		if !httpguts.ValidHeaderFieldName(h.name) || !httpguts.ValidHeaderFieldValue(h.value) {
			return nil, fmt.Errorf("the header %q cannot be sent: its name or value holds characters that HTTP forbids", h.name)
		}
		switch strings.ToLower(h.name) {
		case "host", "content-length", "transfer-encoding":
		default:
			out = line(out, h.name, h.value)
		}
	}
	return out, nil
}

// appendBody writes the rest of the request.
func appendBody(out []byte, method, body string) []byte {
	if body != "" || (method != "GET" && method != "HEAD") {
		out = line(out, "Content-Length", strconv.Itoa(len(body)))
	}
	out = append(out, "\r\n"...)
	return append(out, body...)
}

func line(out []byte, name, value string) []byte {
	out = append(out, name...)
	out = append(out, ": "...)
	out = append(out, value...)
	return append(out, "\r\n"...)
}
