package recorder

// A slow-down of known size, for trials of the whole procedure (tailguard calibrate).
//
// At the end of each interval, before it is recorded, the processor is kept busy for a part of what
// the interval took. So every recorded operation, the loop as a whole and the process really take
// that much longer, whatever one operation costs and without knowing it before. What it cannot
// show is what else a real change brings: another layout of the code, other contents of caches.

import (
	"os"
	"strconv"
	"testing"
)

// SlowDownVariable holds the part, such as "0.05". Nothing slows down without it.
const SlowDownVariable = "TAILGUARD_SLOW_DOWN"

var (
	slowDown float64
	// turnPs is what one turn of spin takes, readNs what reading the clock takes.
	turnPs, readNs int64
	// spun keeps the compiler from leaving spin out.
	spun uint64
)

// setUpSlowDown reads the part and measures what it is made of. The least of many is taken: what
// disturbs makes longer.
func setUpSlowDown() {
	part, err := strconv.ParseFloat(os.Getenv(SlowDownVariable), 64)
	if err != nil || part <= 0 {
		return
	}
	const rounds, turns, readings = 32, 20000, 256
	b := new(testing.B)
	b.StartTimer()
	bestSpin, bestRead := int64(1)<<40, int64(1)<<40
	for round := 0; round < rounds; round++ {
		start := b.Elapsed()
		spin(turns)
		if took := int64(b.Elapsed()-start) * 1000 / turns; took < bestSpin {
			bestSpin = took
		}
		start = b.Elapsed()
		for i := 1; i < readings; i++ {
			b.Elapsed()
		}
		if took := int64(b.Elapsed()-start) / readings; took < bestRead {
			bestRead = took
		}
	}
	b.StopTimer()
	if bestSpin < 1 {
		bestSpin = 1
	}
	turnPs, readNs, slowDown = bestSpin, bestRead, part
}

// burn keeps the processor busy for a part of an interval that took so long until now. It gives the
// time after it, and how long the interval took with it; the second reading of the clock is taken
// off.
func burn(b *testing.B, now, took int64) (int64, int64) {
	spin(int64(float64(took)*slowDown*1000) / turnPs)
	after := int64(b.Elapsed())
	if burned := after - now - readNs; burned > 0 {
		took += burned
	}
	return after, took
}

// spin takes time and touches no memory.
//
//go:noinline
func spin(turns int64) {
	x := uint64(turns) | 1
	for i := int64(0); i < turns; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	spun = x
}
