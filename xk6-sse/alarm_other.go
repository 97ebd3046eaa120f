//go:build !linux

package sse

func newAlarm() alarm { return newRuntimeAlarm() }
