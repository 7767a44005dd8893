module example.com/no-benchmarks

go 1.21
