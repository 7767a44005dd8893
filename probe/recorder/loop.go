package recorder

// What is called once a loop is never inlined: a call that the compiler put into the benchmark gives
// its function tables that the runtime reads whenever the code measured walks its stack
// (runtime.Callers), at every operation.

import (
	"sync/atomic"
	"testing"
)

const (
	maxInt = int(^uint(0) >> 1)
	minInt = -maxInt - 1
)

// form says how a loop asks: the rewriter chooses it (probe/instrument_forms.go).
type form uint8

const (
	// bound: `i < z.Lim || z.Next(i, b.N)`. Between boundaries it costs what `i < b.N` costs.
	bound form = iota
	// counter: a local counter at the top of the body.
	counter
	// loop: `for ; b.Loop(); z.Post()`.
	loop
	// parallel: like counter, one handle for each goroutine of RunParallel.
	parallel
)

var formNames = [...]string{"bound", "counter", "loop", "parallel"}

const (
	free = iota
	busy
	idle
	retired
)

// Loop is the handle of one running loop. It has no pointers, so that the table of handles is
// nothing to the collector. Only the goroutine that opened it may use it.
type Loop struct {
	// Lim is where a bound loop must ask again, and how many operations a b.Loop loop goes on.
	Lim  int
	done int

	run, pair int32
	epoch     uint32
	site      uint8
	form      form
	state     uint8
	started   bool

	at      int
	planned int
	lastNs  int64
	ops     int64
	pace    pace
	// Two goroutines' handles never share a cache line, nor a pair of lines that is fetched as one.
	_ [128]byte
}

var (
	handles    [maxHandles]Loop
	nextHandle int
	// The handles of loops that are not recorded. Goroutines share them, so nothing in them may
	// ever change what a loop does: Lim stays where every iteration asks, or none.
	off     = Loop{Lim: minInt, pair: -1, planned: 0}
	offLoop = Loop{Lim: maxInt, pair: -1}
)

// Bound opens a loop of the form bound. A nil b means the benchmark in progress.
//
//go:noinline
func Bound(b *testing.B, site string) *Loop {
	z := open(b, site, bound)
	if z == nil {
		return &off
	}
	z.Lim = minInt
	return z
}

// Counted opens a loop of the form counter.
//
//go:noinline
func Counted(b *testing.B, site string) *Loop {
	if z := open(b, site, counter); z != nil {
		return z
	}
	return &off
}

// Parallel opens a loop over pb.Next().
//
//go:noinline
func Parallel(site string) *Loop {
	if z := open(nil, site, parallel); z != nil {
		return z
	}
	return &off
}

// Looped opens a loop over b.Loop(), whose first call resets the timer.
//
//go:noinline
func Looped(b *testing.B, site string) *Loop {
	z := open(b, site, loop)
	if z == nil {
		return &offLoop
	}
	runs[z.run].forget()
	z.started, z.lastNs, z.at, z.done = true, 0, 0, 0
	z.Lim = z.pace.plan()
	return z
}

// open finds the handle of a loop, or nil when it cannot be recorded.
func open(b *testing.B, site string, f form) *Loop {
	d := int(atomic.LoadInt32(&depth))
	if b != nil {
		if d = indexOfRun(b); d == 0 {
			begin(b)
			d = indexOfRun(b)
		}
	}
	if d == 0 {
		return nil
	}
	mutex.Lock()
	defer mutex.Unlock()
	r := &runs[d]
	if r.b == nil {
		return nil
	}
	r.markLoop(true)
	s := r.site(site, f)
	if s < 0 {
		r.unrecorded++
		return nil
	}
	for _, i := range r.handles[:r.nLoops] {
		if z := &handles[i]; int(z.site) == s && z.state == idle {
			z.state = busy
			return z
		}
	}
	h, p := freeHandle(), freePair()
	if h < 0 || p < 0 || r.nLoops == len(r.handles) {
		r.unrecorded++
		return nil
	}
	pairs[p].inUse = true
	r.handles[r.nLoops] = int32(h)
	r.nLoops++
	z := &handles[h]
	*z = Loop{run: int32(d), pair: int32(p), epoch: r.epoch, site: uint8(s), form: f, state: busy}
	z.pace = startPace(f, uint64(r.epoch)<<20+uint64(r.nLoops))
	return z
}

func freeHandle() int {
	for n := 0; n < maxHandles; n++ {
		h := nextHandle
		nextHandle = (nextHandle + 1) % maxHandles
		if handles[h].state == free {
			return h
		}
	}
	return -1
}

func freePair() int {
	for i := range pairs {
		if !pairs[i].inUse {
			return i
		}
	}
	return -1
}

// Next is asked where a bound loop's counter reaches Lim: it says whether to go on below end.
func (z *Loop) Next(at, end int) bool {
	if z.isOff() {
		return at < end
	}
	if z.started {
		z.cut(at - z.at)
	} else {
		z.begin()
	}
	if at >= end {
		z.Lim = minInt
		return false
	}
	k := z.pace.plan()
	if k > end-at {
		k = end - at
	}
	z.at = at
	z.Lim = at + k
	return true
}

// Tick is asked at the top of a body whose local counter fell below 0: it gives how many more
// bodies go before it is asked again.
func (z *Loop) Tick() int {
	if z.isOff() {
		return 1 << 30
	}
	if z.started {
		z.cut(z.planned)
	} else {
		z.begin()
	}
	k := z.pace.plan()
	z.planned = k
	return k - 1
}

// Post stands after each body of a b.Loop loop. It is small enough to be inlined.
func (z *Loop) Post() {
	z.done++
	if z.done >= z.Lim {
		z.post()
	}
}

// Inc is Post in the form `i += z.Inc()`.
func (z *Loop) Inc() int {
	z.done++
	if z.done >= z.Lim {
		z.post()
	}
	return 1
}

func (z *Loop) post() {
	if z.isOff() {
		z.Lim = maxInt
		return
	}
	z.cut(z.done - z.at)
	z.at = z.done
	z.Lim = z.done + z.pace.plan()
}

// End stands behind a loop. left is what a local counter has not used.
//
//go:noinline
func (z *Loop) End(left int) {
	if z.isOff() {
		return
	}
	if z.started {
		switch z.form {
		case counter, parallel:
			z.cut(z.planned - left)
		case loop:
			z.cut(z.done - z.at)
		}
	}
	mutex.Lock()
	defer mutex.Unlock()
	r := &runs[z.run]
	r.markLoop(false)
	if z.lastNs > r.highNs {
		r.highNs = z.lastNs
	}
	if u := &r.usage; u.ends < maxEnds {
		u.ends++
		u.loopEnded = true
		u.loopEnd = usageNow()
	} else {
		u.loopEnded = false
	}
	z.started = false
	z.state = idle
}

// isOff says that the loop is not recorded, or that its run is over and its goroutine is not.
func (z *Loop) isOff() bool {
	return z.pair < 0 || runs[z.run].epoch != z.epoch
}

// resetMarginNs is what two goroutines' readings of the clock may be out of order.
const resetMarginNs = 1000

// begin starts the first interval of a loop.
func (z *Loop) begin() {
	r := &runs[z.run]
	if z.form != parallel && r.wasReset() {
		r.forget()
	}
	r.loopBegins()
	z.started = true
	z.lastNs = int64(r.b.Elapsed())
}

// wasReset says whether the timer shows less than at the end of an earlier loop.
func (r *run) wasReset() bool {
	mutex.Lock()
	defer mutex.Unlock()
	return r.highNs > 0 && int64(r.b.Elapsed())+resetMarginNs < r.highNs
}

func (r *run) loopBegins() {
	mutex.Lock()
	defer mutex.Unlock()
	if !r.usage.loopStarted {
		r.usage.loopStarted = true
		r.gauges.begin()
		r.usage.loopStart = usageNow()
	}
}

// cut ends an interval of so many operations and records it.
func (z *Loop) cut(operations int) {
	r := &runs[z.run]
	now := int64(r.b.Elapsed())
	took := now - z.lastNs
	if slowDown > 0 && took > 0 {
		now, took = burn(r.b, now, took)
	}
	z.lastNs = now
	if took < 0 {
		r.forget() // ResetTimer inside the interval.
		return
	}
	if took == 0 || operations <= 0 {
		return // The timer stood still all the time, or the loop went backwards.
	}
	each := (took*1000 - emptyPs) / int64(operations)
	if each < 0 {
		each = 0
	}
	z.ops += int64(operations)
	z.pace.record(&pairs[z.pair], each, took, operations)
}
