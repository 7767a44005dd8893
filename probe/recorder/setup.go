package recorder

// What happens once in a process, at its first benchmark, with the timer stopped.

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"testing"
)

// OutputVariable names the file that records are appended to. Without it nothing is written.
const OutputVariable = "TAILGUARD_RECORD"

var (
	isSetUp bool
	output  *os.File
)

func setUp() {
	if isSetUp {
		return
	}
	isSetUp = true
	if path := os.Getenv(OutputVariable); path != "" {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0644)
		if err != nil {
			fmt.Fprintln(os.Stderr, "tailguard: no latencies:", err)
		} else {
			output = file
		}
	}
	chooseMetrics()
	calibrate()
}

// calibrate measures an interval without operations, with the very code that ends intervals. The
// least of 24 means: what disturbs a mean makes it larger.
func calibrate() {
	const rounds, each = 24, 128
	b := new(testing.B)
	r := &runs[0]
	r.b, r.epoch = b, 1
	b.StartTimer()
	z := &Loop{Lim: minInt, pair: 0, epoch: 1, started: true}
	best := int64(1) << 40
	for round := 0; round < rounds; round++ {
		z.pace = pace{medianPs: 1 << 40}
		z.Lim, z.at = minInt, 0
		start := b.Elapsed()
		for i := 0; i < z.Lim || z.Next(i, each); i++ {
		}
		took := int64(b.Elapsed()-start) * 1000 / (each + 2)
		if took < best {
			best = took
		}
	}
	b.StopTimer()
	r.b, r.epoch = nil, 0
	pairs[0].batches.empty()
	pairs[0].singles.empty()
	emptyPs = best
	if best > 2*boundaryPs {
		slowness = best/boundaryPs + 1
	}
}

// label marks the goroutine, and those it starts, in CPU profiles.
func label(name string) {
	labels := pprof.Labels("benchmark", name)
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
}
