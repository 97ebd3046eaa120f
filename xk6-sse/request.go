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

// appendRequest writes the request as bytes. A header that would break the framing is an error of the script's.
func appendRequest(out []byte, method string, to *target, headers []header, body, agent string) ([]byte, error) {
	host, auth := to.url.Host, false
	for _, h := range headers {
		if !httpguts.ValidHeaderFieldName(h.name) || !httpguts.ValidHeaderFieldValue(h.value) {
			return nil, fmt.Errorf("the header %q cannot be sent: its name or value holds characters that HTTP forbids", h.name)
		}
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
	for _, h := range headers {
		switch strings.ToLower(h.name) {
		case "host", "content-length", "transfer-encoding":
		default:
			out = line(out, h.name, h.value)
		}
	}
	if body != "" || (method != "GET" && method != "HEAD") {
		out = line(out, "Content-Length", strconv.Itoa(len(body)))
	}
	out = append(out, "\r\n"...)
	return append(out, body...), nil
}

func line(out []byte, name, value string) []byte {
	out = append(out, name...)
	out = append(out, ": "...)
	out = append(out, value...)
	return append(out, "\r\n"...)
}
