package odd

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"example.com/dep"
	"example.com/odd/internal/tailguardrec"
)

var (
	sink   int
	values = make([]int, 200)
	// A flag of its own, parsed by package testing.
	scale = flag.Int("scale", 1, "how much to add")
)

func work(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += Sum(values) * *scale
	}
}

func BenchmarkPlain(b *testing.B) { work(b) }

func BenchmarkChangesDirectory(b *testing.B) {
	if err := os.Chdir(b.TempDir()); err != nil {
		b.Fatal(err)
	}
	work(b)
}

func BenchmarkReadsTestdata(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("testdata", "words.txt"))
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < b.N; i++ {
		sink += Words(string(text))
	}
}

func BenchmarkWritesBesideItself(b *testing.B) {
	if err := os.WriteFile(filepath.Join("testdata", "made.txt"), make([]byte, 1000), 0o644); err != nil {
		b.Fatal(err)
	}
	work(b)
}

func BenchmarkSetsParallelism(b *testing.B) {
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		sum := 0
		for pb.Next() {
			sum += Sum(values)
		}
		_ = sum
	})
}

func BenchmarkSetsGOMAXPROCS(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	work(b)
}

func benchmarkOf[N Number](b *testing.B) {
	of := make([]N, 200)
	var sum N
	for i := 0; i < b.N; i++ {
		sum += Sum(of)
	}
	_ = sum
}

func BenchmarkGeneric(b *testing.B) {
	b.Run("int", benchmarkOf[int])
	b.Run("float64", benchmarkOf[float64])
}

func BenchmarkLoopInDependency(b *testing.B) {
	dep.Run(b, func() { sink += Sum(values) })
}

func BenchmarkRecorderNameIsTaken(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += tailguardrec.Value(values)
	}
}

func BenchmarkHasNoLoop(b *testing.B) { sink += Sum(values) }

func BenchmarkSkips(b *testing.B) { b.Skip("needs a database") }

func BenchmarkReportsNoTime(b *testing.B) {
	work(b)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(3, "rows/op")
}

func BenchmarkReportsMore(b *testing.B) {
	work(b)
	b.ReportMetric(3, "rows/op")
	b.SetBytes(200)
}

func BenchmarkLogsAndPrints(b *testing.B) {
	b.Log("a log line")
	os.Stdout.WriteString("no line break")
	work(b)
}

func BenchmarkSleeps(b *testing.B) {
	for i := 0; i < b.N; i++ {
		time.Sleep(time.Millisecond)
	}
}

func BenchmarkExitsWithError(b *testing.B) { os.Exit(3) }

func BenchmarkGoexit(b *testing.B) { runtime.Goexit() }

func BenchmarkNilPointer(b *testing.B) {
	var missing *[200]int
	for i := 0; i < b.N; i++ {
		sink += missing[i%200]
	}
}
