package sse

import "syscall"

// nap sleeps in the kernel. A signal may cut it short.
func nap(ns int64) {
	t := syscall.NsecToTimespec(ns)
	_ = syscall.Nanosleep(&t, nil)
}
