package recorder

// What happens once in a process, at its first benchmark, with the timer stopped.

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"testing"
)

const (
	// OutputVariable names the file that records are appended to. Without it nothing is written.
	OutputVariable = "TAILGUARD_RECORD"
	// RateVariable is set in a profiled process only: CPU samples a second.
	RateVariable = "TAILGUARD_CPU_HZ"
)

var (
	isSetUp bool
	output  *os.File
	// marksLoops says that this process is profiled, so that what is no loop can be told apart.
	marksLoops bool
)

// init comes before package testing starts its CPU profile: that asks for 100 samples a second, is
// refused with a line on stderr because a rate is set, and writes the profile at ours.
func init() {
	hz, err := strconv.Atoi(os.Getenv(RateVariable))
	if err != nil || hz <= 0 {
		return
	}
	marksLoops = true
	runtime.SetCPUProfileRate(hz)
}

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
	setUpSlowDown()
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
func (r *run) label() {
	r.labels = pprof.WithLabels(context.Background(), pprof.Labels("benchmark", r.name))
	if marksLoops {
		r.loopLabels = pprof.WithLabels(r.labels, pprof.Labels("part", "loop"))
	}
	pprof.SetGoroutineLabels(r.labels)
}

// markLoop says in CPU profiles whether the goroutine is inside a loop or outside of it.
func (r *run) markLoop(inside bool) {
	if !marksLoops {
		return
	}
	if inside {
		pprof.SetGoroutineLabels(r.loopLabels)
	} else {
		pprof.SetGoroutineLabels(r.labels)
	}
}
