// Package recorder measures single operations inside benchmark loops that `probe instrument`
// rewrote. It is injected into the module under test by -overlay and never written there.
//
// It obeys the module's go line, so it is written in Go 1.7 syntax; what it calls needs the
// runtime of Go 1.20 (b.Elapsed), and the probe itself builds from 1.21 on. It must not show:
// its state lies in package variables without pointers (no heap, nothing for the collector), what
// it does allocate happens with the timer stopped, and it writes between runs, from b.Cleanup.
//
// The clock is b.Elapsed: it costs what time.Since costs and already honors StopTimer, StartTimer
// and ResetTimer, whoever calls them. Rejected: linkname'd runtime.nanotime (no cheaper, needs
// unsafe) and a patched package testing (cannot see inside a b.N loop).
package recorder

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	// maxDepth bounds benchmarks inside benchmarks (b.Run in b.Run).
	maxDepth = 8
	// maxSites bounds loops of one benchmark.
	maxSites = 16
	// maxHandles bounds loops that were left by return or panic, in the life of the process.
	maxHandles = 1024
)

// run is one call of a benchmark function with one b.N.
type run struct {
	b     *testing.B
	name  string
	epoch uint32
	sites [maxSites]string
	forms [maxSites]form
	// handles are the indexes of the loops of this run; each has a pair of histograms.
	handles [len(pairs)]int32
	nSites  int
	nLoops  int
	// unrecorded counts loops that found no place.
	unrecorded int64
	// highNs is the highest Elapsed seen at the end of a loop.
	highNs int64
	usage  usage
	gauges gauges
	// labels and loopLabels carry the profile labels of the benchmark, and of its loops.
	labels, loopLabels context.Context
}

// reading is what the operating system says of the process so far: CPU time, the kernel's part of
// it, and how often a thread lost its processor or gave it up to wait.
type reading struct{ cpuNs, systemNs, involuntary, voluntary int64 }

func (r reading) since(before reading) reading {
	return reading{
		cpuNs:       r.cpuNs - before.cpuNs,
		systemNs:    r.systemNs - before.systemNs,
		involuntary: r.involuntary - before.involuntary,
		voluntary:   r.voluntary - before.voluntary,
	}
}

// usage is what a run and its loops used.
type usage struct {
	start, loopStart, loopEnd reading
	loopStarted, loopEnded    bool
	// ends counts loop ends seen: reading the usage costs 0.3 us, so only the first few are.
	ends int
}

// maxEnds bounds the loop ends at which usage is read.
const maxEnds = 16

var (
	// mutex guards everything here except what a loop's own goroutine does with its handle.
	mutex sync.Mutex
	// runs[1..depth] are the benchmarks in progress, the innermost last; runs[0] calibrates.
	runs  [maxDepth]run
	depth int32
	epoch uint32
)

// Enter says that a benchmark function began. It may be called again for the same run.
//
//go:noinline
func Enter(b *testing.B) {
	if indexOfRun(b) == 0 {
		begin(b)
	}
}

// indexOfRun is the place of b among the benchmarks in progress; 0 when it is not there.
func indexOfRun(b *testing.B) int {
	for d := int(atomic.LoadInt32(&depth)); d > 0; d-- {
		if runs[d].b == b {
			return d
		}
	}
	return 0
}

func begin(b *testing.B) {
	ticking := isTicking(b)
	if ticking {
		b.StopTimer()
		defer b.StartTimer()
	}
	mutex.Lock()
	defer mutex.Unlock()
	if indexOfRun(b) != 0 || depth+1 >= maxDepth {
		return
	}
	setUp()
	epoch++
	r := &runs[depth+1]
	r.b, r.name, r.epoch = b, b.Name(), epoch
	r.nSites, r.nLoops, r.unrecorded, r.highNs = 0, 0, 0, 0
	r.usage = usage{}
	atomic.AddInt32(&depth, 1)
	started := epoch
	b.Cleanup(func() { finish(b, started) })
	r.label()
	r.gauges.begin()
	r.usage.start = usageNow()
}

// isTicking says whether the benchmark's timer runs: only then Elapsed moves.
func isTicking(b *testing.B) bool {
	first := b.Elapsed()
	for i := 0; i < 64; i++ {
		if b.Elapsed() != first {
			return true
		}
	}
	return false
}

// finish writes what was recorded in a run. It is called after the timer stopped.
func finish(b *testing.B, started uint32) {
	mutex.Lock()
	defer mutex.Unlock()
	d := indexOfRun(b)
	if d == 0 || runs[d].epoch != started {
		return
	}
	r := &runs[d]
	used := usageNow()
	r.gauges.end()
	if !b.Failed() && !b.Skipped() {
		write(r, used)
	}
	r.release()
	// A benchmark that began inside this one and never ended goes with it.
	for i := int(depth); i > d; i-- {
		runs[i].release()
	}
	atomic.StoreInt32(&depth, int32(d-1))
}

func (r *run) release() {
	for _, i := range r.handles[:r.nLoops] {
		z := &handles[i]
		if z.pair >= 0 {
			p := &pairs[z.pair]
			p.batches.empty()
			p.singles.empty()
			p.inUse = false
			z.pair = -1
		}
		if z.state == idle {
			z.state = free
		} else {
			// Left by return or panic, or its goroutine still runs: it may be asked again.
			z.state = retired
		}
	}
	r.b, r.epoch, r.nLoops = nil, 0, 0
}

// forget drops what was recorded so far, because the timer was reset.
func (r *run) forget() {
	mutex.Lock()
	defer mutex.Unlock()
	for _, i := range r.handles[:r.nLoops] {
		z := &handles[i]
		z.ops = 0
		if z.pair >= 0 {
			pairs[z.pair].batches.empty()
			pairs[z.pair].singles.empty()
		}
	}
	r.highNs = 0
	r.usage.loopStarted, r.usage.loopEnded, r.usage.ends = true, false, 0
	r.gauges.begin()
	r.usage.loopStart = usageNow()
}

// site is the index of a loop's name; -1 when there is no more room.
func (r *run) site(name string, f form) int {
	for i := 0; i < r.nSites; i++ {
		if r.sites[i] == name {
			return i
		}
	}
	if r.nSites == maxSites {
		return -1
	}
	r.sites[r.nSites], r.forms[r.nSites] = name, f
	r.nSites++
	return r.nSites - 1
}
