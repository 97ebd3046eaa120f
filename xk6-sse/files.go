package sse

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

// WriteFiles is writeFiles(): each file appears whole or not at all, whenever the machine stops.
func (v *VU) WriteFiles(folder string, files map[string]string) string {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return complaint("make the folder", folder, err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !filepath.IsLocal(name) {
			return fmt.Sprintf("Could not write %q: the name leads out of %s.", name, folder)
		}
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return complaint("make the folder", filepath.Dir(path), err)
		}
		if err := writeFile(path, files[name]); err != nil {
			return complaint("write", path, err)
		}
	}
	return ""
}

// writeFile writes beside the name, brings it to the disk and then renames.
func writeFile(path, text string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err = f.WriteString(text); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
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
		why, remedy = "a part of the path is a file, not a folder", "Move that file away, or name another folder with OUT."
	}
	return fmt.Sprintf("Could not %s %s: %s. %s", what, path, why, remedy)
}
