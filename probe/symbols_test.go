package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// split reads a text and gives back its symbols and what is not -S.
func split(t *testing.T, text string) (symbolTable, string) {
	t.Helper()
	var others bytes.Buffer
	table, err := splitSymbols(strings.NewReader(text), &others)
	if err != nil {
		t.Fatal(err)
	}
	return table, others.String()
}

// symbol returns the entry of that name and fails the test when there is none.
func symbol(t *testing.T, table symbolTable, name string) symbolEntry {
	t.Helper()
	for _, one := range table.Symbols {
		if table.Names[one.Name] == name {
			return one
		}
	}
	t.Fatalf("no symbol %q", name)
	return symbolEntry{}
}

func namesOf(table symbolTable, indexes []int) []string {
	names := []string{}
	for _, index := range indexes {
		names = append(names, table.Names[index])
	}
	return names
}

func recorded(t *testing.T, version string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "symbols", version+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSymbolsOfRecordedBuilds(t *testing.T) {
	for _, version := range []string{"go1.21.13", "go1.27.4"} {
		t.Run(version, func(t *testing.T) {
			table, others := split(t, recorded(t, version))
			if table.Problem != "" || !slices.Equal(table.Packages, []symbolPackage{{ImportPath: "example.com/tiny"}}) {
				t.Fatalf("problem %q, packages %+v", table.Problem, table.Packages)
			}
			lookUp := symbol(t, table, "example.com/tiny.lookUp")
			if lookUp.Kind != "text" || lookUp.Size != 15 || lookUp.Frame != 0 {
				t.Errorf("lookUp is %+v", lookUp)
			}
			if got := namesOf(table, lookUp.Uses); !slices.Equal(got, []string{"example.com/tiny.table"}) {
				t.Errorf("lookUp uses %q", got)
			}
			total := symbol(t, table, "example.com/tiny.total")
			itab := "go:itab.example.com/tiny.square,example.com/tiny.shape"
			if got := namesOf(table, total.Uses); !slices.Contains(got, itab) {
				t.Errorf("total uses %q", got)
			}
			if got := namesOf(table, total.Interfaces); !slices.Equal(got, []string{"type:example.com/tiny.square"}) {
				t.Errorf("total converts %q", got)
			}
			methods := namesOf(table, symbol(t, table, "type:example.com/tiny.square").Methods)
			if !slices.Contains(methods, "example.com/tiny.(*square).area") {
				t.Errorf("square has the methods %q", methods)
			}
			for _, one := range table.Symbols {
				name := table.Names[one.Name]
				if strings.HasPrefix(name, "go:info") || strings.HasSuffix(name, ".arginfo1") || len(one.Hash) != 32 {
					t.Errorf("%q should not be here: %+v", name, one)
				}
			}
			if strings.Contains(others, "\t") || !strings.Contains(others, "cannot inline lookUp: marked go:noinline") {
				t.Errorf("the rest is %q", others)
			}
		})
	}
}

// function prints a function as -S does; rel are its relocations.
func function(name, bytes string, rel ...string) string {
	text := fmt.Sprintf("%s STEXT nosplit size=3 args=0x8 locals=0x10 funcid=0x0 align=0x0\n", name) +
		"\t0x0000 00000 (p.go:3)\tTEXT\t" + name + "(SB), NOSPLIT, $16-8\n" +
		"\t0x0000 " + bytes + "      abc\n"
	for _, one := range rel {
		text += "\trel " + one + "\n"
	}
	return text
}

func hashOf(t *testing.T, text string) string {
	table, _ := split(t, "# p\n"+text)
	return symbol(t, table, "p.f").Hash
}

func TestHashesSeeCodeOnly(t *testing.T) {
	base := function("p.f", "48 8d 05", "3+4 t=R_CALL p.g+0")
	same := map[string]string{
		"lines":       strings.ReplaceAll(base, "p.go:3", "p.go:99"),
		"names":       strings.ReplaceAll(base, "p.g+0", "p.renamed+0"),
		"debug types": base + "\trel 0+0 t=R_USETYPE type:int+0\n",
		"and in 1.21": base + "\trel 0+0 t=22 type:int+0\n",
		"stack maps":  strings.Replace(base, "\t0x0000 48", "\t0x0000 00000 (p.go:3)\tFUNCDATA\t$1, gclocals·x(SB)\n\t0x0000 48", 1),
	}
	for title, text := range same {
		if hashOf(t, base) != hashOf(t, text) {
			t.Errorf("%s changed the hash", title)
		}
	}
	different := map[string]string{
		"bytes":   function("p.f", "48 8d 06", "3+4 t=R_CALL p.g+0"),
		"frame":   strings.ReplaceAll(base, "locals=0x10", "locals=0x18"),
		"addend":  strings.ReplaceAll(base, "p.g+0", "p.g+8"),
		"kind":    strings.ReplaceAll(base, "R_CALL ", "R_PCREL "),
		"offset":  strings.ReplaceAll(base, "3+4", "4+4"),
		"another": base + "\trel 9+4 t=R_CALL p.h+0\n",
	}
	for title, text := range different {
		if hashOf(t, base) == hashOf(t, text) {
			t.Errorf("%s did not change the hash", title)
		}
	}
}

func TestTheTestsOwnVariantCounts(t *testing.T) {
	plain := "# example.com/p\n" + function("example.com/p.f", "01 02 03")
	variant := "# example.com/p [example.com/p.test]\n" + function("example.com/p.f", "04 05 06")
	want, _ := split(t, variant)
	for _, text := range []string{plain + variant, variant + plain} {
		table, _ := split(t, text)
		got := symbol(t, table, "example.com/p.f")
		if got.Hash != symbol(t, want, "example.com/p.f").Hash || len(table.Packages) != 1 {
			t.Errorf("%+v in %+v", got, table.Packages)
		}
	}
}

func TestAssemblyStandsBesideItsWrapper(t *testing.T) {
	wrapper := "# example.com/p [example.com/p.test]\n" + function("example.com/p.f", "04 05 06", "1+4 t=R_CALL example.com/p.f+0")
	assembly := "# example.com/p\n# [example.com/p]\n" +
		strings.Replace(function("example.com/p.f", "01 02 03", "1+4 t=R_PCREL example.com/p.table+0"), "nosplit", "nosplit asm", 1)
	one, _ := split(t, wrapper+assembly)
	other, _ := split(t, assembly+wrapper)
	got := symbol(t, one, "example.com/p.f")
	if uses := namesOf(one, got.Uses); !slices.Contains(uses, "example.com/p.table") || len(uses) != 2 {
		t.Errorf("uses %q", uses)
	}
	if len(one.Packages) != 1 || !one.Packages[0].HasAssembly {
		t.Errorf("packages %+v", one.Packages)
	}
	if got.Hash != symbol(t, other, "example.com/p.f").Hash {
		t.Error("the order of packages changed the hash")
	}
}

func TestNewStandardImportsDoNotCount(t *testing.T) {
	task := "p..inittask SNOPTRDATA size=16\n\t0x0000 00 00 00 00      ....\n\trel 8+8 t=R_ADDR p.init.0+0\n"
	text := "# p\n" + function("p.f", "01 02 03") + task +
		"\trel 0+0 t=R_INITORDER unicode/utf8..inittask+0\n\trel 0+0 t=R_INITORDER go.uber.org/automaxprocs..inittask+0\n"
	table, _ := split(t, text)
	want := []string{"p.init.0", "go.uber.org/automaxprocs..inittask"}
	if got := namesOf(table, symbol(t, table, "p..inittask").Uses); !slices.Equal(got, want) {
		t.Errorf("uses %q", got)
	}
}

func TestNamesWithBlanksAndSigns(t *testing.T) {
	name := `type:struct { F int "json:\"a+1 size=3\"" }`
	text := "# p\n" + function("p.f", "01 02 03", "0+8 t=R_ADDR "+name+"+16") + name + " SRODATA dupok size=8\n\t0x0000 01 02      ..\n"
	table, _ := split(t, text)
	if got := symbol(t, table, name); got.Size != 8 || got.Kind != "data" {
		t.Errorf("%+v", got)
	}
	if got := namesOf(table, symbol(t, table, "p.f").Uses); !slices.Equal(got, []string{name}) {
		t.Errorf("uses %q", got)
	}
}

func TestWhatIsNotRecognizedIsAProblem(t *testing.T) {
	good := "# p\n" + function("p.f", "01 02 03")
	for title, text := range map[string]string{
		"nothing":          "",
		"notes only":       "# p\np.go:1:2: can inline f\n",
		"no package":       function("p.f", "01 02 03"),
		"stray bytes":      "# p\n\t0x0000 01 02      ..\n" + good,
		"stray relocation": "# p\n\trel 0+8 t=R_ADDR p.g+0\n" + good,
		"form":             good + "\trel what\n",
		"no addend":        good + "\trel 0+8 t=R_ADDR p.g\n",
		"long line":        good + strings.Repeat("x", maxSymbolLineBytes+1) + "\n",
		"cut body":         good + "\t0x\n",
	} {
		if table, _ := split(t, text); table.Problem == "" {
			t.Errorf("%s: no problem", title)
		}
	}
	if table, _ := split(t, good); table.Problem != "" {
		t.Errorf("a good text has the problem %q", table.Problem)
	}
}

func TestLongNamesStayUnique(t *testing.T) {
	long := "p." + strings.Repeat("x", 2*maxSymbolNameBytes)
	table, _ := split(t, "# p\n"+function(long+"1", "01 02 03")+function(long+"2", "01 02 03"))
	if len(table.Symbols) != 2 {
		t.Fatalf("%d symbols", len(table.Symbols))
	}
	for _, name := range table.Names {
		if len(name) > maxSymbolNameBytes {
			t.Errorf("a name of %d bytes", len(name))
		}
	}
}

func TestOnlyRegularFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	link := filepath.Join(dir, "link")
	if err := os.WriteFile(secret, []byte("token\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, link); err != nil {
		t.Fatal(err)
	}
	if _, err := splitFile(link, filepath.Join(dir, "text")); err == nil {
		t.Error("a link was followed")
	}
	if _, err := splitFile(secret, secret); err == nil {
		t.Error("an existing file was overwritten")
	}
}

func FuzzSplitSymbols(f *testing.F) {
	f.Add("# p\n" + function("p.f", "01 02 03", "0+8 t=R_ADDR p.g+0"))
	f.Add("# \n STEXT size=1\n\trel +\n\t0x \n\trel  t= +\n")
	f.Fuzz(func(t *testing.T, text string) {
		var others bytes.Buffer
		table, err := splitSymbols(strings.NewReader(text), &others)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range table.Symbols {
			for _, index := range append(append(append([]int{one.Name}, one.Uses...), one.Methods...), one.Interfaces...) {
				if index < 0 || index >= len(table.Names) {
					t.Fatalf("index %d of %d names", index, len(table.Names))
				}
			}
		}
	})
}
