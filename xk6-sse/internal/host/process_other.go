//go:build !unix

package host

// Terminate does nothing: there is no SIGTERM here, and no SIGHUP.
func Terminate() {}

func processCPU() int64 { return 0 }

func maxRSS() int64 { return 0 }
