package main

import (
	"strings"
	"testing"
)

// typesOfFiles are the types of files of one package.
func typesOfFiles(files ...*parsedFile) *typeTable {
	table := newTypeTable()
	for _, file := range files {
		if file.tree != nil {
			table.add(declaredTypes(file, nil))
		}
	}
	return table
}

// describeSource reads one file as if it were alone in its directory.
func describeSource(t *testing.T, source string) syntaxFile {
	t.Helper()
	file := parse([]byte(source))
	described := describe(file, typesOfFiles(file))
	return described
}

// find returns the declaration of that name and fails the test when there is none.
func find(t *testing.T, file syntaxFile, name string) syntaxDeclaration {
	t.Helper()
	for _, d := range file.Declarations {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no declaration %q in %+v", name, file)
	return syntaxDeclaration{}
}

// inFunction makes a body into a file with a function f.
func inFunction(body string) string {
	return "package p\nfunc f(n int) {\n" + body + "\n}\n"
}

// same and different are pairs of files in which the declaration f, or T.f, is compared.
var same = []struct{ title, base, head string }{
	{"formatting", "package p; func f(a int)int{return a+1}", "package p\n\nfunc f(a int) int {\n\treturn a +\n\t\t1\n}"},
	{"comments", "package p; func f() {}", "package p; // f is f\nfunc f() { /* nothing */ }"},
	{"position", "package p; func f() {}", "package p; type t int; func f() {}"},
	{"local", inFunction("x := n; _ = x"), inFunction("longer := n; _ = longer")},
	{"parameter", "package p; func f(a int) int { return a }", "package p; func f(b int) int { return b }"},
	{"receiver", "package p; func (t T) f() { t.g() }", "package p; func (x T) f() { x.g() }"},
	{"receiver type parameter", "package p; func (t T[K]) f(a K) {}", "package p; func (t T[V]) f(a V) {}"},
	{"type parameter", "package p; func f[K any](a K) {}", "package p; func f[V any](a V) {}"},
	{"names without a body", "package p; func f(a *T, b []byte) (n int)", "package p; func f(*T, []byte) int"},
	{"named result", "package p; func f() (n int) { return }", "package p; func f() (m int) { return }"},
	{"parameter of a type", "package p; type f func(a int)", "package p; type f func(int)"},
	{"label", inFunction("a: for { break a }"), inFunction("b: for { break b }")},
	{"type switch", inFunction("switch v := g().(type) { case int: h(v) }"), inFunction("switch w := g().(type) { case int: h(w) }")},
	{"closure", inFunction("x := 1; _ = func() int { return x }"), inFunction("y := 1; _ = func() int { return y }")},
	{"shadowed", inFunction("x := 1; { x := 2; _ = x }; _ = x"), inFunction("x := 1; { y := 2; _ = y }; _ = x")},
	{"range", inFunction("for i, v := range n { g(i, v) }"), inFunction("for j, w := range n { g(j, w) }")},
	{"grouped parameters", "package p; func f(a, b int) {}", "package p; func f(a int, b int) {}"},
	{"grouped fields", "package p; type f struct { a, b int }", "package p; type f struct { a int; b int }"},
	{"parentheses", inFunction("if (n > 1) { _ = (n) * 2 }"), inFunction("if n > 1 { _ = n * 2 }")},
	{"empty statements", inFunction("g();;g()"), inFunction("g(); g()")},
	{"number case", inFunction("_ = 0XFF + 1E3"), inFunction("_ = 0xff + 1e3")},
	{"grouped declaration", "package p; var f = 1", "package p; var ( g = 2; f = 1 )"},
	{"import name", "package p; import j \"encoding/json\"; func f() { j.Valid(nil) }", "package p; import \"encoding/json\"; func f() { json.Valid(nil) }"},
	{"import version", "package p; import \"m/rand/v2\"; func f() { rand.Int() }", "package p; import rand \"m/rand/v2\"; func f() { rand.Int() }"},
	{"import gopkg", "package p; import \"gopkg.in/yaml.v3\"; func f() { yaml.Marshal(1) }", "package p; import yaml \"gopkg.in/yaml.v3\"; func f() { yaml.Marshal(1) }"},
	{"blank import", "package p; func f() {}", "package p; import _ \"embed\"; func f() {}"},
	{"field key", "package p; type S struct{ x int }; func f(x int) S { return S{x: x} }", "package p; type S struct{ x int }; func f(y int) S { return S{x: y} }"},
	{"elided field key", "package p; type S struct{ x int }; func f(x int) []*S { return []*S{{x: x}} }", "package p; type S struct{ x int }; func f(y int) []*S { return []*S{{x: y}} }"},
	{"map key", inFunction("k := 1; _ = map[int]int{k: 2}"), inFunction("j := 1; _ = map[int]int{j: 2}")},
	{"imported map key", "package p; import \"q\"; func f(x int) q.M { return q.M{x: x} }", "package p; import \"q\"; func f(y int) q.M { return q.M{y: y} }"},
	{"named map key", "package p; type M map[int]int; func f(k int) M { return M{k: 1} }", "package p; type M map[int]int; func f(j int) M { return M{j: 1} }"},
	{"+build beside go:build", "//go:build a\n// +build a\n\npackage p; func f() {}", "//go:build a\n\npackage p; func f() {}"},
	{"go:generate", "package p\n//go:generate x\nfunc f() {}", "package p\nfunc f() {}"},
	{"constant above without iota", "package p; const ( a = 5; f = 7 )", "package p; const f = 7"},
}

var different = []struct{ title, base, head string }{
	{"operator", inFunction("_ = n + 1"), inFunction("_ = n - 1")},
	{"literal", inFunction("_ = n + 1"), inFunction("_ = n + 2")},
	{"precedence", inFunction("_ = (n + 1) * 2"), inFunction("_ = n + 1*2")},
	{"order", inFunction("g(); h()"), inFunction("h(); g()")},
	{"callee", inFunction("g()"), inFunction("h()")},
	{"which local", inFunction("x, y := 1, 2; _, _ = x, y; g(x)"), inFunction("x, y := 1, 2; _, _ = x, y; g(y)")},
	{"capture", inFunction("x := 1; g(x)"), inFunction("x := 1; g(y); _ = x")},
	{"captured by a rename", inFunction("x := 1; g(y); _ = x"), inFunction("y := 1; g(y); _ = y")},
	{"shadowing removed", inFunction("x := 1; { x := 2; _ = x }; _ = x"), inFunction("x := 1; { x = 2; _ = x }; _ = x")},
	{"global shadowed", inFunction("_ = len(nil)"), inFunction("len := g; _ = len(nil)")},
	{"field", inFunction("_ = g.x"), inFunction("_ = g.y")},
	{"other field, renamed alike", "package p; type S struct{ x, y int }; func f(x int) S { return S{x: x} }", "package p; type S struct{ x, y int }; func f(y int) S { return S{y: y} }"},
	{"unknown type, renamed alike", "package p; func f(X int) q.S { return q.S{X: X} }", "package p; func f(Y int) q.S { return q.S{Y: Y} }"},
	{"unknown type of the package", "package p; func f(x int) S { return S{x: x} }", "package p; func f(y int) S { return S{y: y} }"},
	{"swapped map keys", inFunction("a, b := 1, 2; _ = map[int]int{a: 0, b: 1}"), inFunction("a, b := 1, 2; _ = map[int]int{b: 0, a: 1}")},
	{"swapped local types", inFunction("type A int; type B string; var s struct{ A; B }; g(s.A)"), inFunction("type B int; type A string; var s struct{ B; A }; g(s.A)")},
	{"defer", inFunction("g()"), inFunction("defer g()")},
	{"go or defer", inFunction("go g()"), inFunction("defer g()")},
	{"variadic call", inFunction("g(n)"), inFunction("g(n...)")},
	{"slice bounds", inFunction("_ = g[:n]"), inFunction("_ = g[n:]")},
	{"loop condition or post", inFunction("for ; g(); {}"), inFunction("for ; ; g() {}")},
	{"default or empty case", inFunction("switch { default: }"), inFunction("switch { case false: }")},
	{"else", inFunction("if g() { h() }; h()"), inFunction("if g() { h() } else { h() }")},
	{"define or assign", inFunction("n := 1; _ = n"), inFunction("n = 1; _ = n")},
	{"channel direction", "package p; var f chan<- int", "package p; var f <-chan int"},
	{"struct tag", "package p; type f struct { A int }", "package p; type f struct { A int `json:\"a\"` }"},
	{"alias", "package p; type f = int", "package p; type f int"},
	{"pointer receiver elsewhere", "package p; func f(t T) {}", "package p; func f(t *T) {}"},
	{"array length", "package p; var f [4]int", "package p; var f [8]int"},
	{"no body", "package p; func f()", "package p; func f() {}"},
	{"noinline", "package p; func f() {}", "package p\n//go:noinline\nfunc f() {}"},
	{"noinline with a blank line", "package p; func f() {}", "package p\n//go:noinline\n\nfunc f() {}"},
	{"linkname elsewhere", "package p; func f()\nfunc g() {}", "package p; func f()\n//go:linkname f runtime.f\nfunc g() {}"},
	{"build constraint", "//go:build a\n\npackage p; func f() {}", "//go:build b\n\npackage p; func f() {}"},
	{"old build constraint", "package p; func f() {}", "// +build a\n\npackage p; func f() {}"},
	{"embed", "package p\nvar f []byte", "package p\n//go:embed a.txt\nvar f []byte"},
	{"package behind a name", "package p; import \"math/rand\"; func f() { rand.Int() }", "package p; import \"math/rand/v2\"; func f() { rand.Int() }"},
	{"package behind an odd name", "package p; import \"m/odd\"; func f() { other.Int() }", "package p; import \"m/odder\"; func f() { other.Int() }"},
	{"dot import", "package p; import . \"a\"; func f() { g() }", "package p; import . \"b\"; func f() { g() }"},
	{"C preamble", "package p\n// int x;\nimport \"C\"\nfunc f() { C.g() }", "package p\n// long x;\nimport \"C\"\nfunc f() { C.g() }"},
	{"iota moved", "package p; const ( a = iota; f )", "package p; const ( a = iota; b; f )"},
	{"repeated value changed", "package p; const ( a = 1; f )", "package p; const ( a = 2; f )"},
	{"which of several results", "package p; var f, g = h()", "package p; var g, f = h()"},
	{"type parameter of a neighbor", "package p; type ( A[T any] int; f struct{ T } )", "package p; type ( A[U any] int; f struct{ U } )"},
}

// compared is f, or the method f of T.
func compared(t *testing.T, source string) syntaxDeclaration {
	t.Helper()
	file := describeSource(t, source)
	if len(file.Problems) > 0 {
		t.Fatalf("%s\n%v", source, file.Problems)
	}
	if strings.Contains(source, ") f(") && strings.Contains(source, "func (") {
		return find(t, file, "T.f")
	}
	return find(t, file, "f")
}

func TestHashIsBlind(t *testing.T) {
	for _, c := range same {
		if compared(t, c.base).Hash != compared(t, c.head).Hash {
			t.Errorf("%s: different hashes\n%s\n%s", c.title, c.base, c.head)
		}
	}
}

func TestHashSees(t *testing.T) {
	for _, c := range different {
		if compared(t, c.base).Hash == compared(t, c.head).Hash {
			t.Errorf("%s: equal hashes\n%s\n%s", c.title, c.base, c.head)
		}
	}
}

func TestSignatureHash(t *testing.T) {
	hash := func(source string) string { return compared(t, source).SignatureHash }
	plain := hash("package p; func f(a, b int) error { return nil }")
	for _, equal := range []string{
		"package p; func f(x int, y int) error { panic(1) }",
		"package p; func f(int, int) (err error) { return }",
	} {
		if hash(equal) != plain {
			t.Errorf("another signature: %s", equal)
		}
	}
	for _, other := range []string{
		"package p; func f(a int) error { return nil }",
		"package p; func f(a, b int) { }",
		"package p; func f(a int, b ...int) error { return nil }",
		"package p; func f(a int, b *int) error { return nil }",
		"package p; func f[T any](a, b int) error { return nil }",
		"package p; func (t T) f(a, b int) error { return nil }",
	} {
		if hash(other) == plain {
			t.Errorf("the same signature: %s", other)
		}
	}
	if find(t, describeSource(t, "package p; type f int"), "f").SignatureHash != "" {
		t.Error("a type has no signature")
	}
}

// A renamed function keeps its hash, also when it calls itself.
func TestHashIgnoresTheOwnName(t *testing.T) {
	base := find(t, describeSource(t, "package p; func fib(n int) int { return fib(n-1) }"), "fib")
	head := find(t, describeSource(t, "package p; func fibonacci(n int) int { return fibonacci(n-1) }"), "fibonacci")
	if base.Hash != head.Hash {
		t.Error("a renamed recursive function has another hash")
	}
	base = find(t, describeSource(t, "package p; func size() S { return S{size: 1} }"), "size")
	head = find(t, describeSource(t, "package p; func length() S { return S{length: 1} }"), "length")
	if base.Hash == head.Hash {
		t.Error("a field is not the function of the same name")
	}
}
