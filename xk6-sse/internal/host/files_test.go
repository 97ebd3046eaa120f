package host

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFilesAreWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "results", "run-1")
	assert.Empty(t, WriteFiles(folder, map[string]string{"run.json": "{}", "sub/a.txt": "ü"}))
	assert.Empty(t, WriteFiles(folder, map[string]string{"run.json": `{"v": 2}`}))
	text, err := os.ReadFile(filepath.Join(folder, "run.json"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"v": 2}`, string(text))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 2, "nothing temporary is left")
}

func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	folder := t.TempDir()
	blocked := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	assert.Contains(t, WriteFiles(blocked+"/x", map[string]string{"a": ""}), "is a file, not a folder")
	assert.Contains(t, WriteFiles(folder, map[string]string{"../a": ""}), "leads out of")
	require.NoError(t, os.Mkdir(filepath.Join(folder, "taken"), 0o700))
	assert.Contains(t, WriteFiles(folder, map[string]string{"taken": "x"}), "taken")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 2, "the temporary file is gone")
}

func TestAFolderThatCannotHoldResultsIsKnownBeforeThereAreAny(t *testing.T) {
	folder := t.TempDir()
	assert.Empty(t, CheckFolder(filepath.Join(folder, "a", "b")))
	entries, err := os.ReadDir(filepath.Join(folder, "a", "b"))
	require.NoError(t, err)
	assert.Empty(t, entries, "the trial leaves nothing")
	blocked := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	assert.Contains(t, CheckFolder(blocked), "is a file, not a folder")
	assert.Contains(t, CheckFolder(filepath.Join(blocked, "below")), "is a file, not a folder")
	if _, err := os.Stat("/proc/self"); err == nil {
		assert.Contains(t, CheckFolder("/proc/nothing"), "/proc/nothing")
	}
	if os.Getuid() != 0 {
		require.NoError(t, os.Mkdir(filepath.Join(folder, "closed"), 0o500))
		assert.Contains(t, CheckFolder(filepath.Join(folder, "closed")), "permission denied")
	}
}

func TestComplaintsSayWhatToDo(t *testing.T) {
	for err, want := range map[error]string{
		syscall.ENOSPC: "disk is full", syscall.EACCES: "permission denied", syscall.EROFS: "permission denied",
		syscall.ENOTDIR: "not a folder",
	} {
		sentence := complaint("write", "/results/run.json", &os.PathError{Op: "write", Path: "x", Err: err})
		assert.Contains(t, sentence, want)
		assert.Contains(t, sentence, "/results/run.json")
		assert.Contains(t, sentence, "OUT")
	}
}
