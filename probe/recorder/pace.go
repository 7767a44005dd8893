package recorder

// How many operations to go on until the clock is read again: about 1 % of the time may go into
// reading it.
//
// A boundary (reading the clock and entering the interval) costs about 45 ns. So from 4.8 us on
// every operation is timed; from 40 ns on single operations at random gaps, so that periodic slow
// operations are not met in step, and the gap between them as one batch; below, where one
// operation is less than reading the clock, batches of about 12 us. A running median chooses, not
// a mean: one preemption would make a mean choose the wrong one. Where the clock is slow (no TSC
// in some virtual machines) all lengths grow with it. In RunParallel they are twice as long:
// goroutines on two threads of one core, and their caches, make a boundary cost twice as much
// (bench/overhead: 1.5 to 2.3 % with equal lengths); and where an operation is so short that its
// counter is felt as well, the gaps between single operations grow until both fit in 1 %.

const (
	everyPs    = 4800 * 1000
	singlePs   = 40 * 1000
	gapPs      = 2 * everyPs
	batchPs    = 12000 * 1000
	maxBatch   = 12000
	knownNs    = 1000 // An interval this long tells the cost of an operation.
	boundaryPs = 45 * 1000
)

// emptyPs is what an interval without any operation lasts; it is taken off every interval.
var emptyPs int64

// slowness is 1, or how many times slower than usual reading the clock is.
var slowness int64 = 1

type intervalKind uint8

const (
	warming intervalKind = iota
	batch
	gap
	single
	every
)

type pace struct {
	kind     intervalKind
	warm     int
	medianPs int64
	updates  int
	// scale is how many times longer than usual all intervals are.
	scale int64
	// shortPs lengthens the gaps: by as much again where an operation lasts shortPs, by four
	// times as much where it lasts half of it.
	shortPs int64
	random  uint64
}

const (
	// parallelScale is what a boundary costs more where goroutines share a core.
	parallelScale = 2
	// parallelShortPs: the counter of an operation costs 1.2 ns there (bench/overhead).
	parallelShortPs = 600 * 1000
)

func startPace(f form, n uint64) pace {
	p := pace{scale: slowness, random: n*0x9e3779b97f4a7c15 | 1}
	if f == parallel {
		p.scale *= parallelScale
		p.shortPs = parallelShortPs
	}
	return p
}

// plan chooses the next interval and gives its number of operations.
func (p *pace) plan() int {
	m := p.medianPs
	switch {
	case m == 0:
		p.kind = warming
		p.warm *= 2
		if p.warm == 0 {
			p.warm = 1
		}
		return p.warm
	case m >= everyPs*p.scale:
		p.kind = every
		return 1
	case m >= singlePs*p.scale:
		if p.kind == gap {
			p.kind = single
			return 1
		}
		p.kind = gap
		return p.around(p.gapPs() / m)
	}
	p.kind = batch
	n := batchPs * p.scale / m
	if n > maxBatch*p.scale {
		n = maxBatch * p.scale
	}
	return p.around(n)
}

// gapPs is how long to go on between two single operations.
func (p *pace) gapPs() int64 {
	length := gapPs * p.scale
	return length + length*(p.shortPs*p.shortPs/p.medianPs)/p.medianPs
}

// around draws from n/2 to 3n/2.
func (p *pace) around(n int64) int {
	p.random ^= p.random << 13
	p.random ^= p.random >> 7
	p.random ^= p.random << 17
	k := n/2 + int64(p.random>>1)%(n+1)
	if k < 1 {
		k = 1
	}
	return int(k)
}

func (p *pace) record(to *pair, eachPs, tookNs int64, operations int) {
	switch {
	case operations == 1 && p.kind == every:
		to.batches.add(eachPs, 1)
		to.singles.add(eachPs, 1)
	case operations == 1 && p.kind == single:
		// A single operation has the clock's own steps in it: no mean, and no vote in the median.
		to.singles.add(eachPs, 1)
		return
	default:
		to.batches.add(eachPs, uint64(operations))
	}
	p.learn(eachPs, tookNs)
}

// learn moves the median: up or down by a fraction of itself, a large one at first.
func (p *pace) learn(eachPs, tookNs int64) {
	if p.medianPs == 0 {
		if tookNs >= knownNs*p.scale {
			p.medianPs = eachPs + 1
		}
		return
	}
	step := p.medianPs>>4 + 1
	if p.updates < 16 {
		p.updates++
		step = p.medianPs>>2 + 1
	}
	if eachPs > p.medianPs {
		p.medianPs += step
	} else if eachPs < p.medianPs {
		p.medianPs -= step
	}
	if p.medianPs < 1 {
		p.medianPs = 1
	}
}
