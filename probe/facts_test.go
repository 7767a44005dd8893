package main

import (
	"strings"
	"testing"
)

// factsOf are the facts of the function f of a file, in the order of the source.
func factsOf(t *testing.T, source string) []string {
	t.Helper()
	file := parse([]byte(source))
	if len(file.problems) > 0 {
		t.Fatalf("%s\n%v", source, file.problems)
	}
	declarations := declarationsOf(file.tree.Decls, map[string]int{})
	hasher := newHasher(file, typesOfFiles(file))
	hasher.tree = newTreeWriter()
	var facts []string
	for _, d := range declarations {
		if d.name != "f" && !strings.HasSuffix(d.name, ".f") {
			continue
		}
		hasher.begin(d)
		hasher.declaration(d)
		for _, node := range hasher.tree.nodes {
			if node.fact != 0 {
				facts = append(facts, hasher.tree.words.list[node.fact])
			}
		}
	}
	return facts
}

func TestFacts(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{inFunction("for i := range n {}; for { }"), "loop loop"},
		{inFunction("m := map[string]int{}; for range m {}; g(m[\"a\"]); delete(m, \"a\")"), "map-literal map-range map-access map-delete"},
		{inFunction("c := make(chan int); c <- 1; <-c; for range c {}; close(c); select {}"), "make-channel send receive channel-range close select"},
		{inFunction("_ = make([]int, n); _ = make(map[int]int); _ = new(int); _ = &T{}; _ = []int{1}"), "make-slice make-map new pointer-literal slice-literal"},
		{inFunction("var s []int; s = append(s, 1); r := make([]int, 0, n); r = append(r, 1)"), "append-without-capacity make-slice append"},
		{inFunction("s := []int{}; s = append(s, n)"), "slice-literal append-without-capacity"},
		{inFunction("defer g(); go g(); func() {}()"), "defer go closure"},
		{"package p; func f(s string, b []byte) { _ = []byte(s); _ = string(b); _ = []byte(\"x\"); _ = string(rune(1)) }", "string-to-bytes bytes-to-string"},
		{"package p; func f(s string, b []byte, m map[string]int) { for range []byte(s) {}; g(m[string(b)], string(b) == s); switch string(b) {} }", "loop map-access switch"},
		{"package p; func f(s string) string { s += s; return s + \"x\" + s }", "concatenation concatenation concatenation"},
		{"package p; type M map[int]int; type S struct{ m M }; func (s *S) f() { g(s.m[1]) }", "map-access"},
		{"package p; func f(s []int) { _ = s[1]; g(s[2]) }", "bounds-hint"},
		{"package p; import \"fmt\"; import \"reflect\"; func f() { fmt.Sprint(1); reflect.TypeOf(1) }", "format reflect"},
		{"package p; import \"regexp\"; func f() { regexp.MustCompile(`a`) }", "compile-pattern"},
		{"package p; func g(a any, b ...int) {}; func f(n int) { g(n); g(nil, 1); g(1) }", "boxing variadic"},
		{"package p; func g[T any](a T) {}; func f(n int) { g(n) }", ""},
		{"package p; func f(m M) { m.Lock(); defer m.Unlock(); p.Put(m); _ = p.Get().(*T) }", "lock defer unlock pool-put pool-get"},
		{"package p; func f(v any) { _ = v.(int); switch v.(type) {}; switch {} }", "type-assertion type-switch switch"},
		{"package p; func f() { make := func(int) {}; make(1); a := b; g(a[0]); b := a; _ = b }", "closure"},
	} {
		if got := strings.Join(factsOf(t, c.source), " "); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.source, got, c.want)
		}
	}
}

// The patterns of the documentation of unsafe.Pointer, valid and not.
func TestBridges(t *testing.T) {
	in := func(body string) string {
		return "package p\nimport \"unsafe\"\nimport \"reflect\"\nfunc f(p *T, s string, n uintptr, v reflect.Value) {\n" + body + "\n}\n"
	}
	for _, c := range []struct{ body, want string }{
		{"_ = *(*uint64)(unsafe.Pointer(p))", "pointer-cast unsafe-pointer"},
		{"_ = unsafe.Pointer(uintptr(unsafe.Pointer(p)) + n)", "unsafe-arithmetic unsafe-pointer"},
		{"q := unsafe.Pointer(p); _ = unsafe.Pointer(uintptr(q) + n)", "unsafe-pointer unsafe-arithmetic"},
		{"u := uintptr(unsafe.Pointer(p)); _ = unsafe.Pointer(u)", "unsafe-pointer uintptr-to-pointer"},
		{"u := uintptr(unsafe.Pointer(p)); _ = unsafe.Pointer(u + n)", "unsafe-pointer uintptr-to-pointer"},
		{"_ = (*T)(unsafe.Pointer(n))", "pointer-cast uintptr-to-pointer"},
		{"_ = unsafe.Pointer(uintptr(v.Pointer()))", "unsafe-arithmetic"},
		{"_ = *(*[]byte)(unsafe.Pointer(&s))", "string-as-slice unsafe-pointer"},
		{"h := reflect.SliceHeader{}; var g reflect.StringHeader; _, _ = h, g", "header-by-hand header-by-hand"},
		{"h := (*reflect.SliceHeader)(unsafe.Pointer(&s)); _ = h", "pointer-cast unsafe-pointer"},
		{"_ = unsafe.String(unsafe.SliceData(b), 1); _ = unsafe.Sizeof(s)", "unsafe unsafe"},
		{"_ = (*T)(unsafe.Add(unsafe.Pointer(p), 8))", "pointer-cast unsafe unsafe-pointer"},
	} {
		if got := strings.Join(factsOf(t, in(c.body)), " "); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.body, got, c.want)
		}
	}
}
