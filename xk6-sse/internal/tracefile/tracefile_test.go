package tracefile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var whole = Scale{Time: 1, Rate: 1}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trace")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// The first lines of each are as the published traces have them.
func TestTheLayoutsOfThePublicTraces(t *testing.T) {
	for name, c := range map[string]struct {
		content  string
		at       float64
		in, out  int32
		sessions bool
	}{
		"Azure 2023":             {"TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109\r\n", 4.314579, 396, 109, false},
		"Azure 2024":             {"TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:00.017335+00:00,2399,6\n", 0.007405, 2399, 6, false},
		"BurstGPT":               {"Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,230,1317,Conversation log\n", 40, 1087, 230, false},
		"BurstGPT with sessions": {"Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n0,1,2.5,GPT-4,10,20,30,API log\n1.5,2,3,GPT-4,11,21,32,API log\n", 1.5, 11, 21, true},
		"Mooncake":               {`{"timestamp": 0, "input_length": 6755, "output_length": 500, "hash_ids": [46, 47]}` + "\n" + `{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 57]}` + "\n", 27.482, 6955, 52, true},
		"our own":                {"time,input_tokens,output_tokens,session\n0,1,2,a\n0.25,3,4,b\n", 0.25, 3, 4, true},
		"our own, JSON":          {`{"time":1,"input_tokens":1,"output_tokens":2,"session":"a"}` + "\n\n" + `{"time":1.25,"input_tokens":3,"output_tokens":4,"session":"b"}`, 0.25, 3, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			trace, err := Open(file(t, c.content), whole)
			require.NoError(t, err)
			require.Len(t, trace.Entries, 2)
			last := trace.Entries[1]
			assert.InDelta(t, c.at, last.At, 1e-6)
			assert.Zero(t, trace.Entries[0].At)
			assert.Equal(t, []int32{c.in, c.out}, []int32{last.Input, last.Output})
			assert.Equal(t, c.sessions, last.Session != 0)
		})
	}
}

// A trace with blanks before its first line was taken for a CSV, and one of another coding for nothing that is known.
func TestBlanksBeforeATraceAndTimesOutOfOrder(t *testing.T) {
	const one, other = `{"time":3,"input_tokens":1,"output_tokens":2}`, `{"time":1,"input_tokens":4,"output_tokens":5}`
	for _, content := range []string{
		"\n\r\n  " + one + "\r\n\n " + other + "\n", "\ufeff\n" + one + "\n" + other,
		"\n\ntime,input_tokens,output_tokens\n3,1,2\n1,4,5\n",
	} {
		trace, err := Open(file(t, content), whole)
		require.NoError(t, err, "%q", content)
		require.Len(t, trace.Entries, 2)
		assert.Equal(t, []int32{4, 1}, []int32{trace.Entries[0].Input, trace.Entries[1].Input})
		assert.InDelta(t, 2, trace.Entries[1].At, 1e-9)
	}
	for content, says := range map[string]string{
		"\n\n" + one + "\n{\"time\":1}":                     "line 4 is wrong: input_tokens",
		"\n\ntime,input_tokens,output_tokens\n3,1,2\nx,4,5": "line 5 is wrong: time",
		"\xff\xfe{\x00": "it is in UTF-16, and UTF-8 is wanted",
		// A quote in the first field of a line ended the program with a panic.
		"\ntime,input_tokens,output_tokens\n3,1,2\na\"b,1,2": `line 4 is no CSV: bare " in non-quoted-field`,
	} {
		_, err := Open(file(t, content), whole)
		assert.ErrorContains(t, err, says, "%q", content)
	}
}

func TestMooncakesPromptsThatBeginAlikeAreOneSession(t *testing.T) {
	lines := `{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[46]}
{"timestamp":1,"input_length":1,"output_length":1,"hash_ids":[46,57]}
{"timestamp":2,"input_length":1,"output_length":1,"hash_ids":[47]}
`
	trace, err := Open(file(t, lines), whole)
	require.NoError(t, err)
	assert.Equal(t, trace.Entries[0].Session, trace.Entries[1].Session)
	assert.NotEqual(t, trace.Entries[0].Session, trace.Entries[2].Session)
}

func TestABadLineIsNamed(t *testing.T) {
	const head = "time,input_tokens,output_tokens,session\n"
	for content, says := range map[string]string{
		"": "line 1 is no head", "a,b\n1,2\n": "line 1 names no columns that are known: time,input_tokens",
		head:                           "it holds no request",
		head + "0,1,2,a\nsoon,1,2,a\n": `line 3 is wrong: time is "soon"; a number is wanted`,
		head + "0,1,2,a\n1,-1,2,a\n":   `line 3 is wrong: input_tokens is "-1"; a whole number`,
		head + "0,1,2,a\n1,1\n":        `line 3 is wrong: output_tokens is ""`,
		head + "0,1,2,\"a\n":           "line 2 is no CSV",
		"TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,2\n":   `line 2 is wrong: timestamp is "yesterday"; a time like 2023-11-16`,
		`{"timestamp":0,"input_length":1,"output_length":1}` + "\n{": "line 2 is no JSON object",
		`{"when":0}`: "line 1 has no fields that are known",
	} {
		_, err := Open(file(t, content), whole)
		assert.ErrorContains(t, err, says, content)
	}
}

func TestATraceIsScaledInTimeAndRateAndCut(t *testing.T) {
	content := "time,input_tokens,output_tokens,session\n"
	for i := range 1000 {
		content += string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + ",1,1,\n"
	}
	path := file(t, content)
	open := func(s Scale) *Trace {
		trace, err := Open(path, s)
		require.NoError(t, err)
		return trace
	}
	all := open(whole)
	assert.InDelta(t, 1000, all.Seconds, 0.01)
	fast := open(Scale{Time: 0.1, Rate: 1})
	assert.Len(t, fast.Entries, 1000)
	assert.InDelta(t, 99.9, fast.Entries[999].At, 1e-6)
	assert.InDelta(t, 10, fast.Peak(), 0.5)
	short := open(Scale{Time: 0.1, Rate: 1, Seconds: 10})
	assert.Len(t, short.Entries, 100)
	assert.InDelta(t, 10, short.Seconds, 1e-9)
	half := open(Scale{Time: 1, Rate: 0.5, Seed: 1})
	assert.InDelta(t, 500, len(half.Entries), 60)
	assert.Equal(t, half, open(Scale{Time: 1, Rate: 0.5, Seed: 1}), "the same seed leaves the same ones")
	more := open(Scale{Time: 1, PerSec: 3, Seed: 1})
	assert.Len(t, more.Entries, 3000)
	for i := range more.Entries[1:] {
		assert.LessOrEqual(t, more.Entries[i].At, more.Entries[i+1].At)
	}
}
