//go:build !linux

package sse

const monotonicEpoch = int64(-1)
