package outputs

import (
	"slices"
	"strings"
)

const (
	// samples is k6's own output to InfluxDB, with a point for each sample.
	samples = "influxdb"
	// Aggregates is ours, with a few points for each second.
	Aggregates = "influxdb-aggregate"
)

// Chosen is k6's arguments, and its variable K6_OUT, with our output in place of `--out influxdb` where INFLUX=aggregate
// asks for that: k6 gives a name that it knows itself to nobody else. A parameter of k6 (-e) comes before the environment.
func Chosen(args []string, env func(string) string) (chosen []string, out string) {
	chosen, out = slices.Clone(args), env("K6_OUT")
	if !WantsAggregates(args, env) {
		return chosen, out
	}
	for i, arg := range chosen {
		for _, flag := range []string{"--out=", "-o=", "-o"} {
			if value, joined := strings.CutPrefix(arg, flag); joined {
				chosen[i] = flag + aggregate(value)
				break
			}
		}
		if i > 0 && (chosen[i-1] == "--out" || chosen[i-1] == "-o") {
			chosen[i] = aggregate(arg)
		}
	}
	all := strings.Split(out, ",")
	for i, each := range all {
		all[i] = aggregate(strings.TrimSpace(each))
	}
	return chosen, strings.Join(all, ",")
}

// aggregate is the value of one --out.
func aggregate(out string) string {
	if name, _, _ := strings.Cut(out, "="); name == samples {
		return Aggregates + strings.TrimPrefix(out, samples)
	}
	return out
}

// WantsAggregates reports whether INFLUX=aggregate was given. A wrong value is the script's to refuse.
func WantsAggregates(args []string, env func(string) string) bool {
	given := env("INFLUX")
	for i, arg := range args {
		value := ""
		for _, flag := range []string{"--env=", "-e=", "-e"} {
			if rest, joined := strings.CutPrefix(arg, flag); joined && rest != "" {
				value = rest
				break
			}
		}
		if i > 0 && (args[i-1] == "-e" || args[i-1] == "--env") {
			value = arg
		}
		if set, is := strings.CutPrefix(value, "INFLUX="); is {
			given = set
		}
	}
	return strings.TrimSpace(given) == "aggregate"
}

// NotChosen is a sentence where INFLUX=aggregate was given to a k6 that writes samples all the same: one that was built
// with the extension, but without this project's main package, which chooses the output.
func NotChosen(args []string, env func(string) string) string {
	if chosen, out := Chosen(args, env); slices.Equal(chosen, args) && out == env("K6_OUT") {
		return ""
	}
	return "INFLUX=aggregate is for the k6 of this project, and this is another: give --out influxdb-aggregate=… in place " +
		"of --out influxdb=…"
}
