//go:build !linux

package clock

// newKernelAlarm returns nil: there is none here.
func newKernelAlarm() Alarm { return nil }
