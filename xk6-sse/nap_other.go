//go:build !linux

package sse

import "time"

func nap(ns int64) { time.Sleep(time.Duration(ns)) }
