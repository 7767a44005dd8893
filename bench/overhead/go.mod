module tailguard.dev/bench/overhead

go 1.21
