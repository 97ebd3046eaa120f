//go:build !unix

package host

func Terminate() {}

func processCPU() int64 { return 0 }

func maxRSS() int64 { return 0 }
