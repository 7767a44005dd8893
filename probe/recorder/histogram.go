package recorder

// Histograms in the array layout of HdrHistogram, 3 significant digits, values in picoseconds.
//
// Picoseconds, because an operation of 2 ns in whole nanoseconds has steps of 50 %. 3 digits give
// buckets at most 0.1 % wide. The arrays are package variables without pointers: they lie outside
// the heap, so the collector neither scans nor counts them, and pages never written cost nothing.

import "math/bits"

const (
	subBucketBits = 11 // 2048 sub-buckets: the power of two above 2 * 10^3
	halfBits      = subBucketBits - 1
	halfCount     = 1 << halfBits
	// maxValuePs is 2^50 - 1: an operation of 18 minutes.
	maxValuePs  = 1<<50 - 1
	bucketCount = 50 - subBucketBits + 1
	countsSize  = (bucketCount + 1) * halfCount
)

type histogram struct {
	counts [countsSize]uint64
	// Counts outside first..last are zero; first > last means empty.
	first, last int
	total       uint64
}

type pair struct {
	inUse bool
	// batches holds means of consecutive operations, each counted once per operation.
	batches histogram
	// singles holds single operations.
	singles histogram
}

// pairs is one pair for each loop that runs at the same time. More goroutines than this are not
// recorded; they are like those that are.
var pairs [64]pair

func init() {
	for i := range pairs {
		pairs[i].batches.empty()
		pairs[i].singles.empty()
	}
}

// indexOf is the place of a value in counts, as HdrHistogram's countsArrayIndex.
func indexOf(value int64) int {
	bucket := uint(bits.Len64(uint64(value)|(2*halfCount-1))) - subBucketBits
	sub := int(value >> bucket)
	return (int(bucket)+1)<<halfBits + sub - halfCount
}

func (h *histogram) add(value int64, count uint64) {
	if value > maxValuePs {
		value = maxValuePs
	}
	i := indexOf(value)
	h.counts[i] += count
	h.total += count
	if i < h.first {
		h.first = i
	}
	if i > h.last {
		h.last = i
	}
}

func (h *histogram) empty() {
	for i := h.first; i <= h.last; i++ {
		h.counts[i] = 0
	}
	h.first, h.last, h.total = countsSize, -1, 0
}

// take moves the counts of another histogram here.
func (h *histogram) take(other *histogram) {
	for i := other.first; i <= other.last; i++ {
		h.counts[i] += other.counts[i]
	}
	if other.total > 0 {
		if other.first < h.first {
			h.first = other.first
		}
		if other.last > h.last {
			h.last = other.last
		}
	}
	h.total += other.total
	other.empty()
}
