package recorder

import (
	"os"
	"runtime"
	"strconv"
	"unicode/utf8"
)

const (
	// maxOutputBytes bounds what one process writes: ten thousand sub-benchmarks take about 50 MB.
	maxOutputBytes = 128 << 20
	// runsOnlyPs: loops that pay for every operation (all but the bound form) carry no histogram
	// below this cost: the counter would be near 1 % of it.
	runsOnlyPs = 60 * 1000
	// parallelRunsOnlyPs is the same of one goroutine's operation in RunParallel, where the counter
	// costs 1.2 ns: at 144 ns 1.1 to 1.8 % were measured with boundaries, 0.8 % without any.
	parallelRunsOnlyPs = 240 * 1000
	maxName            = 1000
)

// buffer holds one line. It lies outside the heap.
var (
	buffer  [4 << 20]byte
	written int64
)

// write appends one JSON line for a run. The shape is src/hdr/record.ts.
func write(r *run, now reading) {
	if output == nil || written > maxOutputBytes {
		return
	}
	line := append(buffer[:0], `{"schema":"tailguard.record/1","benchmark":`...)
	line = appendText(line, r.name)
	line = appendNumber(line, "pid", int64(os.Getpid()))
	line = appendNumber(line, "n", int64(r.b.N))
	line = appendNumber(line, "elapsedNs", int64(r.b.Elapsed()))
	whole := now.since(r.usage.start)
	line = appendNumber(line, "cpuNs", whole.cpuNs)
	line = appendNumber(line, "involuntarySwitches", whole.involuntary)
	if r.usage.loopStarted {
		if r.usage.loopEnded {
			now = r.usage.loopEnd
		}
		loops := now.since(r.usage.loopStart)
		line = appendNumber(line, "loopCpuNs", loops.cpuNs)
		line = appendNumber(line, "loopSystemNs", loops.systemNs)
		line = appendNumber(line, "loopInvoluntarySwitches", loops.involuntary)
		line = appendNumber(line, "loopVoluntarySwitches", loops.voluntary)
	}
	line = appendNumber(line, "intervalCostPs", emptyPs)
	line = appendNumber(line, "gomaxprocs", int64(runtime.GOMAXPROCS(0)))
	line = appendNumber(line, "unrecorded", r.unrecorded)
	line = append(line, `,"go":`...)
	line = appendText(line, runtime.Version())
	line = append(line, `,"loops":[`...)
	comma := false
	for s := 0; s < r.nSites; s++ {
		before := len(line)
		if comma {
			line = append(line, ',')
		}
		whole, ok := r.appendLoop(line, s)
		if !ok {
			line = line[:before]
			continue
		}
		line, comma = whole, true
	}
	line = append(line, `],"runtime":`...)
	line = r.gauges.append(line)
	line = append(line, '}', '\n')
	n, _ := output.Write(line)
	written += int64(n)
}

// appendLoop joins what the goroutines of one loop recorded; not ok when that is nothing.
func (r *run) appendLoop(line []byte, site int) ([]byte, bool) {
	var joined *pair
	goroutines, ops, median := 0, int64(0), int64(0)
	for _, i := range r.handles[:r.nLoops] {
		z := &handles[i]
		if int(z.site) != site || z.ops == 0 || z.pair < 0 {
			continue
		}
		goroutines++
		ops += z.ops
		if z.pace.medianPs > median {
			median = z.pace.medianPs
		}
		if joined == nil {
			joined = &pairs[z.pair]
			continue
		}
		joined.batches.take(&pairs[z.pair].batches)
		joined.singles.take(&pairs[z.pair].singles)
	}
	if joined == nil {
		return line, false
	}
	f := r.forms[site]
	line = append(line, `{"site":`...)
	line = appendText(line, r.sites[site])
	line = append(line, `,"form":"`...)
	line = append(line, formNames[f]...)
	line = append(line, '"')
	line = appendNumber(line, "goroutines", int64(goroutines))
	line = appendNumber(line, "operations", ops)
	line = appendNumber(line, "medianPs", median)
	if median < runsOnlyBelowPs(f) {
		line = append(line, `,"carries":"runs-only"`...)
	} else {
		line = append(line, `,"carries":"operations"`...)
	}
	line = append(line, `,"batches":"`...)
	line = appendHistogram(line, &joined.batches)
	line = append(line, `","singles":"`...)
	line = appendHistogram(line, &joined.singles)
	return append(line, `"}`...), true
}

func runsOnlyBelowPs(f form) int64 {
	switch f {
	case bound:
		return 0
	case parallel:
		return parallelRunsOnlyPs
	}
	return runsOnlyPs
}

func appendNumber(line []byte, key string, value int64) []byte {
	line = append(line, ',', '"')
	line = append(line, key...)
	line = append(line, '"', ':')
	return strconv.AppendInt(line, value, 10)
}

// appendText writes a JSON string: benchmark names are whatever a stranger wrote.
func appendText(line []byte, text string) []byte {
	const hex = "0123456789abcdef"
	line = append(line, '"')
	for n, c := range text {
		if n >= maxName {
			break
		}
		switch {
		case c == '"' || c == '\\':
			line = append(line, '\\', byte(c))
		case c < 0x20:
			line = append(line, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			var encoded [utf8.UTFMax]byte
			line = append(line, encoded[:utf8.EncodeRune(encoded[:], c)]...)
		}
	}
	return append(line, '"')
}
