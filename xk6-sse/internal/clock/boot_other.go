//go:build !linux

package clock

const bootEpoch = int64(-1)
