module gsai-perf/bench/client

go 1.24
