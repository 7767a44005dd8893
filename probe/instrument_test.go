package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"
)

// writeFiles makes a module of a txtar-like map: path to text.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// instrumented runs the command and reads back what the overlay puts in the place of each file.
func instrumented(t *testing.T, root string, dirs []string, more ...string) (instrumentAnswer, map[string]string) {
	t.Helper()
	args := append([]string{"-root", root, "-module-path", "example.com/m", "-out", t.TempDir()}, more...)
	var out bytes.Buffer
	if err := runInstrument(args, strings.NewReader(strings.Join(dirs, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	var answer instrumentAnswer
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	text, err := os.ReadFile(answer.Overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &overlay); err != nil {
		t.Fatal(err)
	}
	rewritten := map[string]string{}
	for file, copied := range overlay.Replace {
		text, err := os.ReadFile(copied)
		if err != nil {
			t.Fatal(err)
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		rewritten[filepath.ToSlash(relative)] = string(text)
	}
	return answer, rewritten
}

// checkLoop rewrites one benchmark body and compares it with what is wanted. Names of ours are
// shortened: R is the recorder, z1 a handle, c1 its counter.
func checkLoop(t *testing.T, body, want string) {
	t.Helper()
	root := writeFiles(t, map[string]string{"m_test.go": "package m\n\nimport \"testing\"\n\nvar sink int\n\n" +
		"func BenchmarkX(b *testing.B) {\n" + body + "\n}\n"})
	_, rewritten := instrumented(t, root, []string{"."})
	text := rewritten["m_test.go"]
	_, text, _ = strings.Cut(text, "func BenchmarkX(b *testing.B) {")
	text = strings.TrimSuffix(text, "\n}\n")
	text = strings.TrimPrefix(text, " tailguardrec.Enter(b);")
	text = strings.TrimPrefix(text, "\n")
	for i := 9; i > 0; i-- {
		z := fmt.Sprintf("tailguardrecz%d", i)
		text = strings.NewReplacer(z+"c", fmt.Sprintf("c%d", i), z+"i", fmt.Sprintf("i%d", i), z, fmt.Sprintf("z%d", i)).Replace(text)
	}
	text = strings.ReplaceAll(text, "tailguardrec.", "R.")
	if text != want {
		t.Errorf("%s\nis rewritten to\n%s\nwant\n%s", body, text, want)
	}
}

const ticks = ` if c1--; c1 < 0 { c1 = z1.Tick() };`

func TestLoopsWithABound(t *testing.T) {
	const opening = `z1 := R.Bound(b, "BenchmarkX#1"); `
	const closing = `; z1.End(0)`
	checkLoop(t, `for i := 0; i < b.N; i++ { sink++ }`,
		opening+`for i := 0; i < z1.Lim || z1.Next(i, b.N); i++ { sink++ }`+closing)
	checkLoop(t, `for i := 0; b.N > i; i++ { sink++ }`,
		opening+`for i := 0; i < z1.Lim || z1.Next(i, b.N); i++ { sink++ }`+closing)
	checkLoop(t, `for i := 1; i <= b.N; i++ { sink++ }`,
		opening+`for i := 1; i < z1.Lim || z1.Next(i, (b.N)+1); i++ { sink++ }`+closing)
	checkLoop(t, `for i := 0; i != b.N; i++ { sink++ }`,
		opening+`for i := 0; i < z1.Lim || z1.Next(i, b.N); i++ { sink++ }`+closing)
	checkLoop(t, `for i := uint8(0); i < uint8(b.N); i++ { sink++ }`,
		opening+`for i := uint8(0); int(i) < z1.Lim || z1.Next(int(i), int(uint8(b.N))); i++ { sink++ }`+closing)
	checkLoop(t, `for i := 0; i < b.N*2+1; i += 3 { sink++ }`,
		opening+`for i := 0; i < z1.Lim || z1.Next(i, b.N*2+1); i += 3 { sink++ }`+closing)
	checkLoop(t, `for i, n := 0, b.N; i < n; i++ { sink++ }`,
		opening+`for i, n := 0, b.N; i < z1.Lim || z1.Next(i, n); i++ { sink++ }`+closing)
	checkLoop(t, `for range b.N { sink++ }`,
		opening+`for i1 := 0; i1 < z1.Lim || z1.Next(i1, b.N); i1++ { sink++ }`+closing)
	checkLoop(t, `for i := range b.N { sink += i }`,
		opening+`for i1 := 0; i1 < z1.Lim || z1.Next(i1, b.N); i1++ { i := i1; sink += i }`+closing)
	checkLoop(t, `a: for i := 0; i < b.N; i++ { continue a }`,
		opening+`a: for i := 0; i < z1.Lim || z1.Next(i, b.N); i++ { continue a }`+closing)
}

func TestLoopsThatAreCounted(t *testing.T) {
	const opening = `z1, c1 := R.Counted(b, "BenchmarkX#1"), 0; `
	const closing = `; z1.End(c1)`
	for _, head := range []string{
		`for i := b.N; i > 0; i-- {`,
		`for n := b.N; n != 0; n-- {`,
		"for i := 0; i <\n b.N; i++ {",
		`for i := 0; i < b.N && sink >= 0; i++ {`,
		`for i := 0.0; i < float64(b.N); i++ {`,
		`for i := 0; i != b.N; i += 2 {`,
		`for range make([]struct{}, b.N) {`,
		`for i, n := 0, b.N; i < n; n-- {`,
		`for i := 0; b.Loop() && i < 9; i++ {`,
		`for i := int64(0); b.Loop(); i++ {`,
	} {
		checkLoop(t, head+` sink++ }`, opening+head+ticks+` sink++ }`+closing)
	}
	checkLoop(t, `for i := 0; ; i++ { if i == b.N { break }; sink++ }`,
		opening+`for i := 0; ; i++ {`+ticks+` if i == b.N { break }; sink++ }`)
}

func TestLoopsOverLoopAndNext(t *testing.T) {
	const opening = `z1 := R.Looped(b, "BenchmarkX#1"); `
	const closing = `; z1.End(0)`
	checkLoop(t, `for b.Loop() { sink++ }`, opening+`for ; b.Loop(); z1.Post() { sink++ }`+closing)
	checkLoop(t, `for ; b.Loop() ; { sink++ }`, opening+`for ; b.Loop() ;  z1.Post() { sink++ }`+closing)
	checkLoop(t, `for i := 0; b.Loop(); i++ { sink++ }`,
		opening+`for i := 0; b.Loop(); i += z1.Inc() { sink++ }`+closing)
	checkLoop(t, `b.RunParallel(func(pb *testing.PB) { for pb.Next() { sink++ } })`,
		`b.RunParallel(func(pb *testing.PB) { z1, c1 := R.Parallel("BenchmarkX#1"), 0; for pb.Next() {`+
			ticks+` sink++ }; z1.End(c1) })`)
}

func TestLoopsLeftAlone(t *testing.T) {
	for _, body := range []string{
		`for i := 0; i < 10; i++ { sink++ }`,
		`for i := range []int{1} { sink += i }`,
		`for { break }`,
		`{ b := struct{ N int }{3}; for i := 0; i < b.N; i++ { sink++ } }`,
		`type B struct{ N int }; c := B{}; for i := 0; i < c.N; i++ { sink++ }`,
	} {
		checkLoop(t, body, body)
	}
}

// benchmarksOf gives "name: coverage, reason" of all benchmarks, in order.
func benchmarksOf(answer instrumentAnswer) string {
	var lines []string
	for _, file := range answer.Files {
		for _, b := range file.Benchmarks {
			lines = append(lines, strings.TrimSuffix(fmt.Sprintf("%s: %s, %s", b.Name, b.Coverage, b.Reason), ", "))
		}
	}
	return strings.Join(lines, "\n")
}

func TestCoverageAndReasons(t *testing.T) {
	root := writeFiles(t, map[string]string{
		"m_test.go": `package m

import (
	"testing"

	"example.com/other"
)

func BenchmarkLoop(b *testing.B) { for i := 0; i < b.N; i++ {} }
func BenchmarkHandsOn(b *testing.B) { other.Run(b) }
func BenchmarkNumber(b *testing.B) { other.Times(b.N) }
func BenchmarkNothing(b *testing.B) { b.ReportAllocs() }
func BenchmarkJumps(b *testing.B) {
	for i := 0; i < b.N; i++ { if i > 3 { goto end } }
end:
}
func BenchmarkSub(b *testing.B) { b.Run("x", func(b *testing.B) { for range b.N {} }) }
func BenchmarkNot(t *testing.T) {}
func benchmarkNot(b *testing.B) {}
`,
		"broken_test.go": "package m\n\nfunc {",
		"c_test.go":      "package m\n\nimport \"C\"\nimport \"testing\"\n\nfunc BenchmarkC(b *testing.B) { for range b.N {} }\n",
	})
	answer, rewritten := instrumented(t, root, []string{"."})
	want := `BenchmarkC: none, its file is left alone: it imports "C"
BenchmarkLoop: loops
BenchmarkHandsOn: none, b is handed to other.Run, outside the module
BenchmarkNumber: none, b.N is handed on as a number to other.Times
BenchmarkNothing: none, it has no loop over b.N
BenchmarkJumps: none, its function has a goto, which may not jump over a declaration
BenchmarkSub: loops`
	if got := benchmarksOf(answer); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if rewritten["c_test.go"] != "" || rewritten["broken_test.go"] != "" {
		t.Error("a file that must be left alone is in the overlay")
	}
	problems := 0
	for _, file := range answer.Files {
		if strings.HasPrefix(file.Problem, "it does not parse: ") {
			problems++
		}
	}
	if problems != 1 {
		t.Errorf("%d files that do not parse, want 1", problems)
	}

	again, rewritten := instrumented(t, root, []string{"."}, "-without", "m_test.go")
	if rewritten["m_test.go"] != "" || !strings.Contains(benchmarksOf(again), "BenchmarkLoop: none, its file is left alone: it does not build") {
		t.Errorf("-without is not obeyed:\n%s", benchmarksOf(again))
	}
}

func TestFunctionsOfOtherPackages(t *testing.T) {
	root := writeFiles(t, map[string]string{
		"m_test.go":                 "package m\n",
		"kit/kit.go":                "package kit\n\nimport \"testing\"\n\nfunc Run(b *testing.B, f func()) { for i := 0; i < b.N; i++ { f() } }\n",
		"kit/kit_test.go":           "package kit\n\nimport \"testing\"\n\nfunc BenchmarkKit(b *testing.B) { for range b.N {} }\n",
		"vendor/example.com/v/v.go": "package v\n\nimport \"testing\"\n\nfunc Run(b *testing.B) { for range b.N {} }\n",
		"nested/go.mod":             "module example.com/nested\n",
		"nested/n.go":               "package n\n\nimport \"testing\"\n\nfunc Run(b *testing.B) { for range b.N {} }\n",
		"testdata/d.go":             "package d\n\nimport \"testing\"\n\nfunc Run(b *testing.B) { for range b.N {} }\n",
	})
	_, rewritten := instrumented(t, root, []string{"."})
	var files []string
	for file := range rewritten {
		if !strings.HasPrefix(file, "internal/tailguardrec/") {
			files = append(files, file)
		}
	}
	if len(files) != 1 || files[0] != "kit/kit.go" {
		t.Errorf("rewritten: %v, want kit/kit.go alone", files)
	}
}

func TestNamesThatAreTaken(t *testing.T) {
	module := map[string]string{
		"m_test.go": "package m\n\nimport \"testing\"\n\nfunc BenchmarkX(b *testing.B) { for range b.N {} }\n",
	}
	check := func(want string) {
		t.Helper()
		answer, rewritten := instrumented(t, writeFiles(t, module), []string{"."})
		if answer.Recorder != want {
			t.Errorf("the recorder is %s, want %s", answer.Recorder, want)
		}
		if rewritten[strings.TrimPrefix(want, "example.com/m/")+"/loop.go"] == "" {
			t.Error("the recorder is not in the overlay")
		}
	}
	check("example.com/m/internal/tailguardrec")
	module["internal/tailguardrec/x.go"] = "package x\n"
	check("example.com/m/internal/tailguardrec1")
	module["n_test.go"] = "package m\n\nvar tailguardrec1 = 1\n"
	check("example.com/m/internal/tailguardrec2")
	module["internal/go.mod"] = "module example.com/m/internal\n"
	check("example.com/m/tailguardrec2")
}

func TestHostileTrees(t *testing.T) {
	root := writeFiles(t, map[string]string{"m_test.go": "package m\n"})
	secret := filepath.Join(t.TempDir(), "secret_test.go")
	if err := os.WriteFile(secret, []byte("package m\n\nimport \"testing\"\n\nfunc BenchmarkS(b *testing.B) { for range b.N {} }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(root, "link_test.go")); err != nil {
		t.Skip(err)
	}
	answer, rewritten := instrumented(t, root, []string{"."})
	if rewritten["link_test.go"] != "" || len(answer.Files) != 1 ||
		answer.Files[0].Problem != "not read: a symbolic link leaves the root" {
		t.Errorf("a link out of the tree was followed: %+v", answer.Files)
	}
	for _, args := range [][]string{
		{"-root", root, "-module-path", "m", "-out", t.TempDir(), "-module-dir", "../x"},
		{"-root", root, "-module-path", "m"},
		{"-root", root, "-module-path", "m", "-out", t.TempDir(), "more"},
	} {
		if err := runInstrument(args, strings.NewReader(""), &bytes.Buffer{}); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
	if err := runInstrument([]string{"-root", root, "-module-path", "m", "-out", t.TempDir()}, strings.NewReader("../.."), &bytes.Buffer{}); err == nil {
		t.Error("a directory outside the root is accepted")
	}
}

// Go's own tree has every spelling of a benchmark loop. No file may fail, and no line may move.
func TestGoTree(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 9,000 files")
	}
	root := filepath.Join(runtime.GOROOT(), "src")
	set := map[string]bool{}
	err := filepath.WalkDir(root, func(p string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "vendor") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(p, "_test.go") {
			relative, _ := filepath.Rel(root, filepath.Dir(p))
			set[filepath.ToSlash(relative)] = true
		}
		return nil
	})
	if err != nil || len(set) == 0 {
		t.Skipf("no source of Go: %v", err)
	}
	answer, rewritten := instrumented(t, root, sortedKeys(set), "-module-path", "std")
	total, covered := 0, 0
	var missed []string
	for _, file := range answer.Files {
		if file.Problem != "" && file.Problem != `it imports "C"` {
			t.Errorf("%s: %s", file.Path, file.Problem)
		}
		for _, b := range file.Benchmarks {
			total++
			if b.Coverage != "none" {
				covered++
			} else {
				missed = append(missed, fmt.Sprintf("%s %s: %s", file.Path, b.Name, b.Reason))
			}
		}
		if !file.Rewritten {
			continue
		}
		original, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file.Path)))
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, file.Path, string(original), rewritten[file.Path])
	}
	sort.Strings(missed)
	t.Logf("%d of %d benchmarks; missed:\n%s", covered, total, strings.Join(missed, "\n"))
	if total < 1000 || covered*100 < total*97 {
		t.Errorf("%d of %d benchmarks are covered, want 97 %%", covered, total)
	}
}

// checkLines says that every line is what it was with something inserted, or has a rewritten head.
func checkLines(t *testing.T, file, before, after string) {
	t.Helper()
	old, rewritten := strings.Split(before, "\n"), strings.Split(after, "\n")
	if len(old) != len(rewritten) {
		t.Errorf("%s has %d lines, had %d", file, len(rewritten), len(old))
		return
	}
	for i := range old {
		if old[i] != rewritten[i] && !strings.Contains(rewritten[i], "tailguardrec") {
			t.Errorf("%s:%d changed without a call of ours", file, i+1)
		}
	}
}
