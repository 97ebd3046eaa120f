//go:build !unix

package sse

func terminate() {}

func processCPU() int64 { return 0 }

func maxRSS() int64 { return 0 }
