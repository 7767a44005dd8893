package recorder

// HdrHistogram's V2 log format, as its readers in every language decode it: a header, counts as
// ZigZag LEB128 with runs of zeros as negative numbers, in a zlib stream, in base64.
//
// The zlib stream has stored blocks only. A compressor would allocate a megabyte between two runs,
// which can start a garbage collection that empties the benchmark's sync.Pools: then allocs/op
// would differ from the plain binary. The reader compresses what it keeps.

import (
	"encoding/base64"
	"encoding/binary"
	"hash/adler32"
	"math"
)

const (
	cookieV2           = 0x1c849303 | 0x10
	cookieV2Compressed = 0x1c849304 | 0x10
	headerBytes        = 40
	maxStoredBlock     = 65535
	significantDigits  = 3
)

// Package variables for the same reason: what they hold is bounded and lives outside the heap.
var (
	payload    [countsSize * 9]byte
	compressed [countsSize*9 + 1024]byte
)

// appendHistogram appends the base64 text of a histogram.
func appendHistogram(line []byte, h *histogram) []byte {
	plain := payload[:headerBytes]
	zeros := int64(h.first)
	for i := h.first; i <= h.last; i++ {
		if h.counts[i] == 0 {
			zeros++
			continue
		}
		if zeros > 0 {
			plain = appendZigZag(plain, -zeros)
			zeros = 0
		}
		plain = appendZigZag(plain, int64(h.counts[i]&(1<<62-1)))
	}
	binary.BigEndian.PutUint32(plain[0:], cookieV2)
	binary.BigEndian.PutUint32(plain[4:], uint32(len(plain)-headerBytes))
	binary.BigEndian.PutUint32(plain[8:], 0)
	binary.BigEndian.PutUint32(plain[12:], significantDigits)
	binary.BigEndian.PutUint64(plain[16:], 1)
	binary.BigEndian.PutUint64(plain[24:], maxValuePs)
	binary.BigEndian.PutUint64(plain[32:], math.Float64bits(1))

	wrapped := appendStored(compressed[:8], plain)
	binary.BigEndian.PutUint32(wrapped[0:], cookieV2Compressed)
	binary.BigEndian.PutUint32(wrapped[4:], uint32(len(wrapped)-8))

	size := base64.StdEncoding.EncodedLen(len(wrapped))
	start := len(line)
	for cap(line) < start+size {
		line = append(line[:cap(line)], 0)
	}
	line = line[:start+size]
	base64.StdEncoding.Encode(line[start:], wrapped)
	return line
}

// appendZigZag appends HdrHistogram's ZigZag LEB128: like a varint, but its ninth byte is whole.
func appendZigZag(to []byte, value int64) []byte {
	v := uint64(value<<1) ^ uint64(value>>63)
	for i := 0; i < 8; i++ {
		if v < 0x80 {
			return append(to, byte(v))
		}
		to = append(to, byte(v)|0x80)
		v >>= 7
	}
	return append(to, byte(v))
}

// appendStored appends a zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
func appendStored(to, plain []byte) []byte {
	to = append(to, 0x78, 0x01)
	for rest := plain; ; {
		block := rest
		last := byte(1)
		if len(block) > maxStoredBlock {
			block, last = block[:maxStoredBlock], 0
		}
		n := uint16(len(block))
		to = append(to, last, byte(n), byte(n>>8), byte(^n), byte(^n>>8))
		to = append(to, block...)
		rest = rest[len(block):]
		if last == 1 {
			break
		}
	}
	sum := adler32.Checksum(plain)
	return append(to, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}
