package wire

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

type plainBlock struct {
	id, name, data, comment string
	hasData                 bool
}

// parsed feeds the pieces to a new parser.
func parsed(pieces ...[]byte) (all []plainBlock) {
	var p Parser
	for _, piece := range pieces {
		p.Feed(piece, func(b *Block) bool {
			all = append(all, plainBlock{string(b.ID), string(b.Name), string(b.Data), string(b.Comment), b.HasData})
			return true
		})
	}
	return all
}

func data(text string) plainBlock { return plainBlock{data: text, hasData: true} }

var streams = map[string]struct {
	in   string
	want []plainBlock
}{
	"one event":                      {"data: a\n\n", []plainBlock{data("a")}},
	"CR LF":                          {"data: a\r\n\r\ndata: b\r\n\r\n", []plainBlock{data("a"), data("b")}},
	"CR alone":                       {"data: a\r\rdata: b\r\r", []plainBlock{data("a"), data("b")}},
	"mixed ends":                     {"data: a\r\n\ndata: b\r\r\ndata: c\n\r\n", []plainBlock{data("a"), data("b"), data("c")}},
	"a BOM":                          {"\xef\xbb\xbfdata: a\n\n", []plainBlock{data("a")}},
	"a BOM is no BOM later":          {"data: a\n\n\xef\xbb\xbfdata: b\n\n", []plainBlock{data("a")}},
	"several data lines":             {"data: a\ndata: b\ndata\n\n", []plainBlock{data("a\nb\n")}},
	"data without colon":             {"data\n\n", []plainBlock{data("")}},
	"data without value":             {"data:\n\n", []plainBlock{data("")}},
	"only one space is taken off":    {"data:  a\ndata:b\n\n", []plainBlock{data(" a\nb")}},
	"all fields":                     {"id: 1\nevent: x\ndata: a\nretry: 5\n\n", []plainBlock{{"1", "x", "a", "", true}}},
	"a comment alone":                {": ping\n\n", []plainBlock{{comment: "ping"}}},
	"a comment in an event":          {":x\ndata: a\n\n", []plainBlock{{data: "a", comment: "x", hasData: true}}},
	"unknown fields":                 {"foo: bar\nfoo\n\ndata: a\n\n", []plainBlock{data("a")}},
	"retry alone is nothing":         {"retry: 10\n\n", nil},
	"an id with NUL is ignored":      {"id: a\x00b\ndata: a\n\n", []plainBlock{data("a")}},
	"blank lines make no events":     {"\n\n\n\r\n\r\rdata: a\n\n\n\n", []plainBlock{data("a")}},
	"an unterminated one is dropped": {"data: a\n\ndata: b\n", []plainBlock{data("a")}},
	"an unterminated line, too":      {"data: a\n\ndata: b", []plainBlock{data("a")}},
	"colons in the value":            {"data: a: b:c\n\n", []plainBlock{data("a: b:c")}},
	"fields do not leak":             {"id: 1\nevent: e\ndata: a\n\ndata: b\n\n", []plainBlock{{"1", "e", "a", "", true}, data("b")}},
	"UTF-8":                          {"data: grüße 🙂\n\n", []plainBlock{data("grüße 🙂")}},
}

func TestStreamsParse(t *testing.T) {
	for name, s := range streams {
		assert.Equal(t, s.want, parsed([]byte(s.in)), name)
	}
}

func TestStreamsParseSplitAnywhere(t *testing.T) {
	for name, s := range streams {
		in := []byte(s.in)
		for i := range in {
			for j := i; j <= len(in); j++ {
				assert.Equal(t, s.want, parsed(in[:i], in[i:j], in[j:]), "%s, split at %d and %d", name, i, j)
			}
		}
	}
}

func TestEventIsDispatchedAtItsLastByte(t *testing.T) {
	// A lone CR ends a line at once: waiting to see whether an LF follows would stamp the event with the next read.
	for _, end := range []string{"\n\n", "\r\r", "\r\n\r"} {
		assert.Len(t, parsed([]byte("data: a"+end)), 1, "%q", end)
	}
}

func TestParserStopsWhenTold(t *testing.T) {
	var p Parser
	n := 0
	assert.False(t, p.Feed([]byte("data: a\n\ndata: b\n\n"), func(*Block) bool { n++; return false }))
	assert.Equal(t, 1, n)
}

func FuzzSplitEqualsWhole(f *testing.F) {
	for _, s := range streams {
		f.Add([]byte(s.in), uint16(3), uint16(7))
	}
	f.Fuzz(func(t *testing.T, in []byte, a, b uint16) {
		i := int(a) % (len(in) + 1)
		j := i + int(b)%(len(in)-i+1)
		assert.Equal(t, parsed(in), parsed(in[:i], in[i:j], in[j:]))
		bytes := make([][]byte, len(in))
		for k := range in {
			bytes[k] = in[k : k+1]
		}
		assert.Equal(t, parsed(in), parsed(bytes...))
	})
}
