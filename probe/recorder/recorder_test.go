package recorder

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"io"
	"testing"
	"time"
)

// lowestAt is HdrHistogram's valueFromIndex.
func lowestAt(index int) int64 {
	bucket := index>>halfBits - 1
	sub := index&(halfCount-1) + halfCount
	if bucket < 0 {
		sub -= halfCount
		bucket = 0
	}
	return int64(sub) << uint(bucket)
}

func TestBucketsFollowHdrHistogram(t *testing.T) {
	for index := 0; index < countsSize-1; index++ {
		low, next := lowestAt(index), lowestAt(index+1)
		if got := indexOf(low); got != index {
			t.Fatalf("the lowest value %d of bucket %d is put in %d", low, index, got)
		}
		if got := indexOf(next - 1); got != index {
			t.Fatalf("the highest value %d of bucket %d is put in %d", next-1, index, got)
		}
		if low >= 2*halfCount && (next-low)*1000 > low {
			t.Fatalf("bucket %d is wider than 0.1 %%: %d to %d", index, low, next)
		}
	}
	if indexOf(maxValuePs) != countsSize-1 {
		t.Fatalf("the highest value is in bucket %d of %d", indexOf(maxValuePs), countsSize)
	}
}

func TestEncodedPayload(t *testing.T) {
	h := new(histogram)
	h.empty()
	h.add(1, 3)
	h.add(5, 200)
	h.add(maxValuePs+1, 1)
	wrapped, err := base64.StdEncoding.DecodeString(string(appendHistogram(nil, h)))
	if err != nil {
		t.Fatal(err)
	}
	if got := binary.BigEndian.Uint32(wrapped); got != 0x1c849314 {
		t.Errorf("cookie %x", got)
	}
	stream, err := zlib.NewReader(bytes.NewReader(wrapped[8:]))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(err)
	}
	// 1 empty, 3, 3 empty, 200, 41,977 empty, 1 in ZigZag LEB128.
	want := []byte{1, 6, 5, 0x90, 3, 0xf1, 0x8f, 5, 2}
	if !bytes.Equal(plain[headerBytes:], want) {
		t.Errorf("payload % x, want % x", plain[headerBytes:], want)
	}
}

func TestStoredBlocksOfAnySize(t *testing.T) {
	for _, size := range []int{0, 1, maxStoredBlock, maxStoredBlock + 1, 3 * maxStoredBlock} {
		plain := bytes.Repeat([]byte("x"), size)
		stream, err := zlib.NewReader(bytes.NewReader(appendStored(nil, plain)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(stream)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes come back as %d: %v", size, len(got), err)
		}
	}
}

func TestPaceByCost(t *testing.T) {
	of := bound
	check := func(costPs int64, want intervalKind, low, high int) {
		t.Helper()
		p := startPace(of, 1)
		p.medianPs = costPs
		for i := 0; i < 100; i++ {
			n := p.plan()
			if p.kind == single && want == gap {
				if n != 1 {
					t.Errorf("%d ps: a single operation of %d", costPs, n)
				}
				continue
			}
			if p.kind != want || n < low || n > high {
				t.Errorf("%d ps: kind %d of %d operations, want kind %d of %d to %d", costPs, p.kind, n, want, low, high)
			}
		}
	}
	check(5000*1000, every, 1, 1)
	check(1000*1000, gap, 4, 14)
	check(40*1000, gap, 120, 360)
	check(39*1000, batch, 153, 461)
	check(100, batch, 6000, 18000)
	of = parallel // 19.2 us, and 4 times as much again at half of 600 ns.
	check(300*1000, gap, 160, 480)
	check(6000*1000, gap, 1, 4)
}

func TestMedianIgnoresOutliers(t *testing.T) {
	p := startPace(bound, 1)
	for i := 0; i < 2000; i++ {
		each := int64(1000 * 1000)
		if i%20 == 19 {
			each *= 1000 // Preempted.
		}
		p.learn(each, each/1000)
	}
	if p.medianPs < 900*1000 || p.medianPs > 1200*1000 {
		t.Errorf("the median is %d ps, want about 1,000,000", p.medianPs)
	}
}

func TestNamesBecomeJSON(t *testing.T) {
	check := func(name, want string) {
		t.Helper()
		if got := string(appendText(nil, name)); got != want {
			t.Errorf("%q is written %s, want %s", name, got, want)
		}
	}
	check("plain", `"plain"`)
	check("a\"b\\c\n\x00", `"a\"b\\c\u000a\u0000"`)
	check("\xff", "\"\uFFFD\"")
	check("größe", `"größe"`)
}

func TestLoopsOutsideABenchmark(t *testing.T) {
	n := 0
	z := Bound(nil, "none")
	for i := 0; i < z.Lim || z.Next(i, 10); i++ {
		n++
	}
	z.End(0)
	y, c := Counted(nil, "none"), 0
	for i := 0; i < 10; i++ {
		if c == 0 {
			c = y.Tick()
		}
		c--
		n++
	}
	y.End(c)
	if n != 20 {
		t.Errorf("%d iterations, want 20", n)
	}
}

// A stopped timer, ResetTimer, and what came before it.
func TestTimerIsHonored(t *testing.T) {
	const slow = 2 * time.Millisecond
	var r run
	spin := func(d time.Duration) {
		for start := time.Now(); time.Since(start) < d; {
		}
	}
	testing.Benchmark(func(b *testing.B) {
		Enter(b)
		z := Bound(b, "setup")
		for i := 0; i < z.Lim || z.Next(i, 3); i++ {
			spin(slow)
		}
		z.End(0)
		b.ResetTimer()
		b.StopTimer()
		z = Bound(b, "stopped")
		for i := 0; i < z.Lim || z.Next(i, 3); i++ {
			spin(slow / 100)
		}
		z.End(0)
		b.StartTimer()
		z = Bound(b, "timed")
		for i := 0; i < z.Lim || z.Next(i, 5); i++ {
			b.StopTimer()
			spin(slow)
			b.StartTimer()
			spin(slow / 100)
		}
		z.End(0)
		if b.N == 1 {
			r = runs[depth]
		}
		b.SkipNow()
	})
	for i, name := range r.sites[:r.nSites] {
		ops := int64(0)
		for _, h := range r.handles[:r.nLoops] {
			if int(handles[h].site) == i {
				ops += handles[h].ops
			}
		}
		want := map[string]int64{"setup": 0, "stopped": 0, "timed": 5}[name]
		if ops != want {
			t.Errorf("%s: %d operations were timed, want %d", name, ops, want)
		}
	}
	if r.nSites != 3 {
		t.Errorf("%d loops, want 3", r.nSites)
	}
}
