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
	f, err := Open(path)
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
		{"p.jsonl", `{"messages":[{"role":"user"}]}`, "line 1: messages holds something that is no message"},
		{"p.jsonl", `[{"prompt":"a"}]`, "line 1: a list: one record a line is wanted"},
		{"p.csv", "a,b\n1,2\n", "line 1: no column is called prompt; the columns are a, b"},
		{"p.csv", "prompt\nx\n\"\"\n", "line 3: the prompt is empty"},
		{"p.csv", "prompt,b\nx,1\ny\n", "line 3: wrong number of fields"},
	} {
		_, err := Open(written(t, c.name, c.content))
		assert.ErrorContains(t, err, c.says, "%q", c.content)
	}
	_, err := Open(filepath.Join(t.TempDir(), "gone.jsonl"))
	assert.ErrorContains(t, err, "no such file")
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
	f, err := Open(path)
	require.NoError(t, err)
	t.Logf("64 MiB in %v", time.Since(began))
	assert.Less(t, time.Since(began), 5*time.Second)
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(8<<20))
	require.Equal(t, records, f.Count())
	last, err := f.At(records - 1)
	require.NoError(t, err)
	assert.Contains(t, last, `"content":"65535 What`)
}
