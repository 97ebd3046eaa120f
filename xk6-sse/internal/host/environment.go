package host

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Environment is what environment() tells of this machine and this binary, by the names of sse.d.ts. What the platform
// does not tell is "" or 0.
func Environment() map[string]any {
	hostname, _ := os.Hostname()
	cwd, _ := os.Getwd()
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	kib, _ := strconv.ParseInt(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"), 10, 64)
	return map[string]any{
		"hostname": hostname, "os": runtime.GOOS, "kernel": strings.TrimSpace(string(kernel)), "arch": runtime.GOARCH,
		"cpuModel": procField("/proc/cpuinfo", "model name"), "cpus": runtime.NumCPU(), "memoryBytes": kib * 1024,
		"k6": k6Version(), "go": runtime.Version(), "cwd": cwd, "columns": columns(), "colour": colour(),
	}
}

// columns is the width of the terminal that stdout is, 0 where it is none.
func columns() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// colour tells whether stdout takes colours: it is a terminal that knows them, and nobody asked for none (no-color.org,
// and k6's own ways to say so).
func colour() bool {
	for _, name := range []string{"NO_COLOR", "K6_NO_COLOR"} {
		if value := os.Getenv(name); value != "" && value != "false" {
			return false
		}
	}
	for _, arg := range os.Args {
		if arg == "--no-color" || arg == "--no-color=true" {
			return false
		}
	}
	return os.Getenv("TERM") != "dumb" && columns() > 0
}

// procField is the first value of a "name: value" line.
func procField(file, name string) string {
	f, err := os.Open(file) // a fixed path
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func k6Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range info.Deps {
		if dep.Path == "go.k6.io/k6/v2" {
			return dep.Version
		}
	}
	return ""
}

// FromSystem tells whether an environment variable of this process has the name and the value. k6 mixes its own
// environment with what it was told by -e, so this is how the two are told apart.
func FromSystem(name, value string) bool {
	has, set := os.LookupEnv(name)
	return set && has == value
}
