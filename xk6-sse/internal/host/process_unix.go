//go:build unix

package host

import (
	"runtime"
	"syscall"
)

// Terminate asks this process to end as SIGTERM does.
func Terminate() { _ = syscall.Kill(syscall.Getpid(), syscall.SIGTERM) }

func usage() (u syscall.Rusage) {
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

// processCPU is the CPU time of this process, user and system, in nanoseconds.
func processCPU() int64 {
	u := usage()
	return u.Utime.Nano() + u.Stime.Nano()
}

func maxRSS() int64 {
	u := usage()
	if runtime.GOOS == "darwin" { // bytes there, KiB elsewhere
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) * 1024
}
