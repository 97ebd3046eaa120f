package prompts

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func written(t *testing.T, name, content string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func all(t *testing.T, path string) (records []string) {
	f, err := Open(path, Want{})
	require.NoError(t, err)
	for i := range f.Count() {
		record, err := f.At(i)
		require.NoError(t, err)
		records = append(records, record)
	}
	return records
}

func TestEachLineIsARecordWhateverStandsAroundIt(t *testing.T) {
	path := written(t, "p.jsonl", "\xef\xbb\xbf{\"prompt\":\"a\"}\r\n\n  {\"messages\":[{\"role\":\"user\",\"content\":\"b\"}]}  \n\"c\"\n\n"+
		`{"conversations":[{"from":"human","value":"d"}]}`)
	assert.Equal(t, []string{
		`{"prompt":"a"}`, `{"messages":[{"role":"user","content":"b"}]}`, `"c"`,
		`{"conversations":[{"from":"human","value":"d"}]}`,
	}, all(t, path))
}

// A null content beside calls of tools is OpenAI's own form, and conversations of real files have roles of many names.
func TestWhatRealFilesHoldIsTaken(t *testing.T) {
	long := strings.Repeat("long ", 2<<20) // a line of 10 MB
	lines := []string{
		`{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"1","content":"b"}]}`,
		`{"conversations":[{"from":"gpt","value":"a"},{"from":"observation","value":"b"}],"max_tokens":null}`,
		`{"prompt":"` + long + `"}`,
	}
	assert.Equal(t, lines, all(t, written(t, "p.jsonl", "\ufeff\r\n"+strings.Join(lines, "\r\n\r\n")+"\r\n")))
}

func TestACSVFieldMayHaveLinesAndQuotesOfItsOwn(t *testing.T) {
	path := written(t, "p.CSV", "id,Prompt\n1,\"two\nlines, \"\"quoted\"\"\"\n2,plain\n")
	assert.Equal(t, []string{`{"prompt":"two\nlines, \"quoted\""}`, `{"prompt":"plain"}`}, all(t, path))
}

func TestWhatIsWrongIsToldWithItsLine(t *testing.T) {
	good := `{"prompt":"a"}` + "\n"
	for _, c := range []struct{ name, content, says string }{
		{"p.jsonl", "", "it holds no prompt"},
		{"p.jsonl", "\n\n", "it holds no prompt"},
		{"p.jsonl", good + "\n" + `{"prompt":`, "line 3: it is not JSON"},
		{"p.jsonl", good + good + `{"question":"a"}`, "line 3: it has none of messages, prompt"},
		{"p.jsonl", good + `{"prompt":" "}`, "line 2: prompt must be a text that is not empty"},
		{"p.jsonl", `{"messages":[]}`, "line 1: messages must be a list that is not empty"},
		{"p.jsonl", `{"messages":[{"role":"user"}]}`, "line 1: messages holds something that is not a message"},
		{"p.jsonl", `[{"prompt":"a"}]`, "line 1: it is a list, but one record on each line is wanted"},
		{"p.jsonl", good + `{"prompt":"a","image":"data:image/png;base64,A=B"}`, "line 2: image is a data URI whose data is not base64"},
		{"p.jsonl", good + `{"prompt":"a","file":["data:application/pdf;base64,AAAA","cat.pdf"]}`, "line 2: file must be a data URI"},
		{"p.jsonl", `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"cat.png"}}]}]}`, "line 1: image_url must be a data URI"},
		{"p.jsonl", `{"messages":[{"role":"user","content":[{"text":"a"}]}]}`, "line 1: a content holds something that is not a part"},
		{"p.jsonl", good + `""`, "line 2: the prompt is empty"},
		{"p.jsonl", good + `{"prompt":"a","max_tokens":"many"}`, "line 2: max_tokens must be a whole number from 1"},
		{"p.jsonl", `{"messages":[{"role":"human","content":"a"}]}`, `line 1: messages has the role "human", which no protocol has: system, `},
		{"p.jsonl", `{"messages":[{"role":"user","content":null}]}`, "line 1: messages holds a message whose content is neither"},
		{"p.jsonl", `{"messages":[{"role":"assistant","content":"a"}]}`, "line 1: messages holds only messages of the assistant"},
		{"p.jsonl", good + `{"conversations":[{"from":"system","value":"s"},{"from":"GPT","value":"a"}]}`, "line 2: conversations holds only messages of the assistant"},
		{"p.jsonl", `{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"1"}]}]}`, "line 1: messages holds a call of a tool without an id"},
		{"p.jsonl", `{"conversations":[{"from":"human","value":null}]}`, "line 1: conversations holds a turn whose value is not a text"},
		{"p.jsonl", "\xff\xfe{\x00", "it is in UTF-16, and UTF-8 is wanted"},
		{"p.csv", "prompt,max_tokens\nx,\ny,-1\n", "line 3: max_tokens must be a whole number from 1"},
		{"p.csv", "prompt,image\na,\nb,c.png\n", "line 3: image must be a data URI"},
		{"p.csv", "a,b\n1,2\n", "line 1: no column is called prompt; the columns are a, b"},
		{"p.csv", "prompt\nx\n\"\"\n", "line 3: the prompt is empty"},
		{"p.csv", "prompt,b\nx,1\ny\n", "line 3: wrong number of fields"},
	} {
		_, err := Open(written(t, c.name, c.content), Want{})
		assert.ErrorContains(t, err, c.says, "%q", c.content)
	}
	_, err := Open(filepath.Join(t.TempDir(), "gone.jsonl"), Want{})
	assert.ErrorContains(t, err, "no such file")
}

func TestColumnsSayWhatTheMembersOfAFileAreCalled(t *testing.T) {
	want := Want{Columns: map[string]string{"prompt": "question", "image": "meta.picture", "system": "role"}}
	f, err := Open(written(t, "p.jsonl", `{"question":"a","meta":{"picture":"https://x/y.png"},"answer":"no"}`+"\n"+
		`{"question":"b","role":"s","max_tokens":5}`), want)
	require.NoError(t, err)
	first, _ := f.At(0)
	second, _ := f.At(1)
	assert.JSONEq(t, `{"prompt":"a","image":"https://x/y.png"}`, first)
	assert.JSONEq(t, `{"prompt":"b","system":"s","max_tokens":5}`, second)
	f, err = Open(written(t, "p.csv", "id,Ask,who\n1,\"two\nlines\",s\n2,one,\n"),
		Want{Columns: map[string]string{"prompt": "ask", "system": "who"}})
	require.NoError(t, err)
	first, _ = f.At(0)
	second, _ = f.At(1)
	assert.JSONEq(t, `{"prompt":"two\nlines","system":"s"}`, first)
	assert.JSONEq(t, `{"prompt":"one"}`, second)
	for _, c := range []struct {
		name, content, says string
		columns             map[string]string
	}{
		{"p.jsonl", `{"a":1}`, "line 1: it has none of the members that COLUMNS names", map[string]string{"prompt": "b"}},
		{"p.jsonl", `{"b":1}`, "line 1: b must be a text that is not empty", map[string]string{"prompt": "b"}},
		{"p.csv", "a,prompt\n1,2\n", "line 1: no column is called b, as COLUMNS has it; the columns are a, prompt", map[string]string{"image": "b"}},
		{"p.jsonl", `"a"`, "COLUMNS names answer, which no record has; messages, prompt", map[string]string{"answer": "b"}},
	} {
		_, err := Open(written(t, c.name, c.content), Want{Columns: c.columns})
		assert.ErrorContains(t, err, c.says)
	}
}

func TestTextsToEmbedAreTextsAndNoMessages(t *testing.T) {
	f, err := Open(written(t, "t.jsonl", "\"a\"\n{\"text\":\"b\"}\n{\"input\":\"c\"}\n"), Want{Texts: true})
	require.NoError(t, err)
	assert.Equal(t, 3, f.Count())
	_, err = Open(written(t, "t.jsonl", `{"messages":[]}`), Want{Texts: true})
	assert.ErrorContains(t, err, "line 1: it has none of text, prompt, input")
	_, err = Open(written(t, "t.jsonl", ""), Want{Texts: true})
	assert.ErrorContains(t, err, "it holds no text")
}

// 64 MiB stand for 1 GiB that must start in less than 10 s: a sixteenth in a sixteenth, with room for a busy machine.
// What is held is the index, 8 bytes a record.
func TestALargeFileIsIndexedQuicklyAndNotHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.jsonl")
	out, err := os.Create(path)
	require.NoError(t, err)
	w := bufio.NewWriter(out)
	text := strings.Repeat("What is a public library for? ", 33)
	const records = 64 << 10
	for i := range records {
		_, _ = fmt.Fprintf(w, `{"messages":[{"role":"user","content":"%d %s"}]}`+"\n", i, text)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, out.Close())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	f, err := Open(path, Want{})
	require.NoError(t, err)
	t.Logf("64 MiB in %v", time.Since(began))
	assert.Less(t, time.Since(began), time.Minute, "also on a busy machine, and under the race detector")
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(8<<20))
	require.Equal(t, records, f.Count())
	last, err := f.At(records - 1)
	require.NoError(t, err)
	assert.Contains(t, last, `"content":"65535 What`)
}
