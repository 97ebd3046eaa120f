package content

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// suitePaths are all paths that the suite itself names, in the order of its file.
func suitePaths(t testing.TB) []string {
	source, err := os.ReadFile("../../../lib/openai/wires/chat-paths.ts")
	require.NoError(t, err)
	paths := []string{`[@this].#(object=="error")`, `[@this].#(type=="start").a.b`, `[@this].#(type=="end").a`, "a", "a.b", "a.b.c", "a.0", "a.0.b", "a.1.0", "b", "c.d.2"}
	for _, found := range regexp.MustCompile(`'([a-z_]+(\.[a-z0-9_]+)+)'`).FindAllStringSubmatch(string(source), -1) {
		paths = append(paths, found[1])
		if prefix, ok := strings.CutPrefix(found[1], "usage"); ok {
			paths = append(paths, "choices.0.usage"+prefix)
		}
	}
	require.Greater(t, len(paths), 30)
	return paths[:min(len(paths), mostPaths)]
}

// compare holds one pass over a text against gjson's validator and its look-up of each path.
func compare(t *testing.T, p *Paths, found *Found, paths []string, data []byte) {
	shape := found.Scan(p, data)
	if shape == TooDeep { // gjson's validator would go on, and may end the process
		return
	}
	require.Equal(t, gjson.ValidBytes(data), shape == JSON, "%q", data)
	if shape != JSON || !gjson.ParseBytes(data).IsObject() && !gjson.ParseBytes(data).IsArray() {
		return // gjson takes the text of a string for the document
	}
	var want, got []gjson.Result
	for _, path := range paths {
		// A condition is that of the member itself: gjson's query also compares numbers with texts.
		if m := conditional.FindStringSubmatch(path); m != nil {
			if gjson.GetBytes(data, m[1]).Str != m[2] {
				continue
			}
			path = m[3]
		}
		if r := gjson.GetBytes(data, path); counts(r) {
			want = append(want, r)
		}
	}
	found.Each(Content, func(r gjson.Result) bool { got = append(got, r); return true })
	require.Len(t, got, len(want), "%q", data)
	for i := range want {
		want[i].Index, got[i].Index = 0, 0
		require.Equal(t, want[i], got[i], "%q", data)
	}
	if elements := gjson.GetBytes(data, "data.#"); elements.Type == gjson.Number {
		require.InDelta(t, elements.Num, found.Elements("data.#"), 0, "%q", data)
	} else {
		require.Negative(t, found.Elements("data.#"), "%q", data)
	}
}

var texts = []string{
	`{"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}],"usage":{"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":3}}}`,
	` { "choices" : [ { "delta" : { "content" : [ {"type":"text","text":"a\u00e9\n"} ] } , "usage":{"prompt_tokens":1} } ] } `,
	`{"a":{"x":1},"a":{"b":2},"a":{"b":3}}`, `{"a":[[1],[2,3]],"b":-0.5e+10}`, `{"a":[{"b":{"c":null}}],"a":{"b":{"c":""}}}`,
	`{"\u0061":{"b":"\\"},"b\n":1}`, `{"a":"{\"b\":1}"}`, `{"a":{"0":1}}`, `[{"object":"error","message":"x"}]`, `{"object":"error"}`,
	`{"type":"start","a":{"b":{"c":1}}}`, `{"a":{"b":2},"type":"end"}`, `{"type":1,"a":1,"type":"end"}`, `{"typ\u0065":"e\u006ed","a":"x"}`,
	`{"data":[1,2,3],"data":[4]}`, `{"data":[]}`, `{"data":{}}`, `{"data":[{"embedding":[0.1,-2,3e5]},{}]}`, `[]`, `{}`, `""`, `1`, `-`, `01`, `1.`, `1e`, `1e+`,
	`-0`, `0.0E-0`, `tru`, `nul`, `true `, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `[,1]`, `{,}`, `{"a":1 "b":2}`, `"\x"`, `"\u12g4"`, `"\u12`, "\"\t\"", "\"a\x00b\"",
	"\"\x7f\xff\x80\"", `{"a":1}}`, `{"a":1} x`, ``, ` `, `{"a":[1,2`, `{"a":"`, `{"error":{"message":"boom","code":500},"choices":[{"error":false}]}`,
	`{"a":"0123456","b":"01234567","c":{"d":[0,1,"0123456\"78"]}}`, strings.Repeat("[", 999) + strings.Repeat("]", 999),
}

func ofTheSuite(t testing.TB) (*Paths, []string) {
	paths := suitePaths(t)
	p := &Paths{}
	p.Add(Content, paths...)
	p.Counting("data.#")
	return p, paths
}

// What one pass finds is what gjson finds path by path, and it takes for JSON what gjson's validator does: exact results
// stay, whatever is cut off, doubled or spoilt.
func TestOnePassFindsWhatGjsonFindsPathByPath(t *testing.T) {
	p, paths := ofTheSuite(t)
	var found Found
	r := rand.New(rand.NewPCG(13, 1))
	cases, _ := filepath.Glob("../../testdata/field-cases/*.txt")
	all := texts
	for _, file := range cases {
		answer, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(answer)) {
			if data, ok := strings.CutPrefix(line, "data:"); ok {
				all = append(all, strings.TrimSpace(data))
			}
		}
	}
	require.Greater(t, len(all), len(texts)+30)
	for _, text := range all {
		compare(t, p, &found, paths, []byte(text))
		for end := range len(text) {
			compare(t, p, &found, paths, []byte(text[:end]))
		}
		for range 200 {
			spoilt := []byte(text)
			for range 1 + r.IntN(3) {
				if len(spoilt) == 0 {
					break
				}
				at := r.IntN(len(spoilt))
				switch r.IntN(3) {
				case 0:
					spoilt[at] = `{}[]",:\u0019.eE+-tfn `[r.IntN(22)]
				case 1:
					spoilt = append(spoilt[:at], spoilt[at+1:]...)
				default:
					other := all[r.IntN(len(all))]
					spoilt = append(spoilt[:at:at], append([]byte(other), spoilt[at:]...)...)
				}
			}
			compare(t, p, &found, paths, spoilt)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	var found Found
	p := &Paths{}
	for depth, want := range map[int]Shape{Deepest: JSON, Deepest + 1: TooDeep} {
		assert.Equal(t, want, found.Scan(p, []byte(strings.Repeat("[", depth)+strings.Repeat("]", depth))))
		assert.Equal(t, want, found.Scan(p, []byte(strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))))
	}
	assert.Equal(t, TooDeep, found.Scan(p, []byte(strings.Repeat("[", 8<<20))), "it must not end the process")
	assert.True(t, IsJSON([]byte(`{"a":[]}`)))
	assert.False(t, IsJSON([]byte(`{"a":[}`)))
}

func FuzzScan(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	p, paths := ofTheSuite(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var found Found
		compare(t, p, &found, paths, data)
	})
}

// The answers that the bench plays: how long one pass takes, and what it allocates.
func BenchmarkScan(b *testing.B) {
	vector := strings.TrimSuffix(strings.Repeat("-0.012345,", 1536), ",")
	p, _ := ofTheSuite(b)
	for name, text := range map[string]string{
		"event":           texts[0],
		"small document":  `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,0.540302,-0.416147,-0.989992,-0.653644,0.283662,0.96017,0.753902,-0.1455,-0.91113,-0.839072,0.004426,0.843854,0.907447,0.136737,-0.759688]}],"model":"null","usage":{"prompt_tokens":10,"total_tokens":10}}`,
		"large document":  `{"data":[{"embedding":[` + vector + `]}],"usage":{"prompt_tokens":10,"total_tokens":10}}`,
		"long texts only": `{"choices":[{"delta":{"content":"` + strings.Repeat("lorem ipsum ", 50) + `"}}]}`,
	} {
		b.Run(name, func(b *testing.B) {
			data := []byte(text)
			var found Found
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				found.Scan(p, data)
			}
		})
	}
}
