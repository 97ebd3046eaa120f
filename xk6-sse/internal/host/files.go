package host

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// WriteFiles writes files (name -> text) into a folder, which it makes. All files appear, each whole, or none: a
// junit.xml without its run.json would claim what nothing proves. It returns "", or what went wrong and what to do.
func WriteFiles(folder string, files map[string]string) string {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return complaint("make the folder", folder, err)
	}
	written := map[string]string{} // path -> the file beside it
	defer func() {
		for _, beside := range written {
			_ = os.Remove(beside)
		}
	}()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !filepath.IsLocal(name) {
			return fmt.Sprintf("Could not write %q: the name leads out of %s.", name, folder)
		}
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return complaint("make the folder", filepath.Dir(path), err)
		}
		beside, err := writeBeside(path, files[name])
		if err != nil {
			return complaint("write", path, err)
		}
		written[path] = beside
	}
	for path, beside := range written {
		if err := os.Rename(beside, path); err != nil {
			return complaint("write", path, err)
		}
		delete(written, path)
	}
	return ""
}

// roomWanted is what a run's files take at most, in most cases; a disk without room for that is as good as full.
const roomWanted = 4 << 20

// CheckFolder makes a folder and tries whether a run's files can be written into it. It leaves nothing but the folder.
// It returns "", or what went wrong and what to do.
func CheckFolder(folder string) string {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return complaint("make the folder", folder, err)
	}
	beside, err := writeBeside(filepath.Join(folder, "trial"), string(make([]byte, roomWanted)))
	if err != nil {
		return complaint("write into", folder, err)
	}
	if err := os.Remove(beside); err != nil {
		return complaint("remove a file from", folder, err)
	}
	return ""
}

// writeBeside writes next to the name and brings it to the disk. It leaves nothing when it fails.
func writeBeside(path, text string) (beside string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.WriteString(text); err != nil {
		return "", err
	}
	if err = f.Chmod(0o644); err != nil {
		return "", err
	}
	if err = f.Sync(); err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// complaint says what could not be done, where, and what to do about it.
func complaint(what, path string, err error) string {
	why, remedy := err.Error(), "Name another folder with OUT."
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		why, remedy = "the disk is full", "Free some space there, or name another folder with OUT."
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		why, remedy = "permission denied", "Make it writable for this user, or name another folder with OUT."
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		why = "a part of the path is a file, not a folder"
		remedy = "Move that file away, or name another folder with OUT."
	}
	return fmt.Sprintf("Could not %s %s: %s. %s", what, path, why, remedy)
}
