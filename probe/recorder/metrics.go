package recorder

// Runtime metrics from the start of a run's first loop, or the last ResetTimer seen, to the end of
// its function: garbage collection, scheduler, locks. What is set up before does not count.
//
// The list comes from metrics.All(), because each Go version has others (1.26 added goroutine
// states). /cpu/classes move only when a collection ends.

import (
	"math"
	"runtime/metrics"
	"strconv"
	"strings"
)

var wanted = []string{
	"/sched/",
	"/gc/pauses:",
	"/gc/cycles/",
	"/gc/heap/allocs:",
	"/gc/heap/live:",
	"/gc/heap/goal:",
	"/cpu/classes/gc/",
	"/cpu/classes/scavenge/",
	"/sync/",
}

// maxMetrics bounds what a later Go version could add.
const maxMetrics = 64

var (
	chosen     []metrics.Sample
	cumulative []bool
)

func chooseMetrics() {
	for _, d := range metrics.All() {
		for _, prefix := range wanted {
			if strings.HasPrefix(d.Name, prefix) && len(chosen) < maxMetrics {
				chosen = append(chosen, metrics.Sample{Name: d.Name})
				cumulative = append(cumulative, d.Cumulative)
				break
			}
		}
	}
}

// gauges are the metrics at the start of a run and at its end. Their memory is used again.
type gauges struct{ before, after []metrics.Sample }

func (g *gauges) begin() {
	if g.before == nil {
		g.before = append(g.before, chosen...)
		g.after = append(g.after, chosen...)
		metrics.Read(g.after)
	}
	metrics.Read(g.before)
}

func (g *gauges) end() { metrics.Read(g.after) }

// append writes {"name":value,…}: what was added during the run; for gauges, the value at its end;
// for histograms, the pairs [lower bound, count] of what was added.
func (g *gauges) append(line []byte) []byte {
	line = append(line, '{')
	comma := false
	for i := range g.after {
		before, after := g.before[i].Value, g.after[i].Value
		start := len(line)
		if comma {
			line = append(line, ',')
		}
		line = appendText(line, g.after[i].Name)
		line = append(line, ':')
		switch after.Kind() {
		case metrics.KindUint64:
			value := after.Uint64()
			if cumulative[i] {
				value -= before.Uint64()
			}
			line = strconv.AppendUint(line, value, 10)
		case metrics.KindFloat64:
			value := after.Float64()
			if cumulative[i] {
				value -= before.Float64()
			}
			line = appendFloat(line, value)
		case metrics.KindFloat64Histogram:
			line = appendBuckets(line, before.Float64Histogram(), after.Float64Histogram())
		default:
			line = line[:start]
			continue
		}
		comma = true
	}
	return append(line, '}')
}

func appendBuckets(line []byte, before, after *metrics.Float64Histogram) []byte {
	line = append(line, '[')
	comma := false
	for i, count := range after.Counts {
		if i < len(before.Counts) {
			count -= before.Counts[i]
		}
		if count == 0 {
			continue
		}
		if comma {
			line = append(line, ',')
		}
		comma = true
		line = append(line, '[')
		line = appendFloat(line, after.Buckets[i])
		line = append(line, ',')
		line = strconv.AppendUint(line, count, 10)
		line = append(line, ']')
	}
	return append(line, ']')
}

// appendFloat writes a JSON number; JSON has no infinities, and the lowest bound is one.
func appendFloat(line []byte, value float64) []byte {
	if math.IsInf(value, 0) || math.IsNaN(value) {
		value = 0
	}
	return strconv.AppendFloat(line, value, 'g', -1, 64)
}
