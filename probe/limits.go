package main

// Every bound of the probe. go/parser adds two of its own: 100,000 nested nodes and 1,000 nested
// scopes; beyond them it reports an error and the probe reports it as a problem of the file.
const (
	// maxFiles is well above the largest repositories (Kubernetes has about 17,000 Go files).
	maxFiles = 200_000
	// maxPathBytes is the longest path the reader of the answer takes (src/goast/syntax.ts).
	maxPathBytes = 1000
	// maxFileBytes leaves room for the largest generated files in use (the EC2 client of the AWS
	// SDK is 7.4 MB). A syntax tree takes up to 50 times its source.
	maxFileBytes = 8 << 20
	// maxGroupBytes bounds the files of one directory that are held as trees at the same time.
	maxGroupBytes = 8 << 20
	// maxDeclarations bounds the answer for one file: "var a int" repeated is 250 bytes of JSON
	// for 10 bytes of source. The EC2 client has about 30,000.
	maxDeclarations = 100_000
	// maxNameBytes is the longest name the reader of the answer takes (src/goast/syntax.ts).
	maxNameBytes = 1000
	// maxProblems is what a person reads of one broken file.
	maxProblems = 50
	// maxProblemBytes keeps a hostile literal quoted in a message short.
	maxProblemBytes = 300
	// maxTypeTextBytes is the longest source of a type that is kept to look up its fields.
	maxTypeTextBytes = 4 << 10
	// maxTypeSteps bounds the walk from a named type to what it is made of ("type A B; type B C").
	maxTypeSteps = 8
	// maxTreeNodes is the largest declaration that leaves as a tree: a function of some 3,000 lines.
	// Larger ones are generated tables and rule sets; of them only the hash is compared.
	maxTreeNodes = 50_000
	// maxAnswerNodes bounds the trees of one answer: 500 files with 20 functions of 400 nodes each.
	maxAnswerNodes = 4_000_000
	// maxWordBytes is the longest text that a node keeps: a longer literal is cut and hashed.
	maxWordBytes = 200
	// maxSnapshotsPerFolder bounds what is kept of read files: 256 folders of some 5 KB each.
	maxSnapshotsPerFolder = 400
	// maxInstrumentBytes bounds the source that is held as trees to instrument one module's packages.
	maxInstrumentBytes = 256 << 20
	// maxSymbolLineBytes: a symbol of an unnamed type spells the type out; generated ones reach
	// some 100 KB.
	maxSymbolLineBytes = 1 << 20
	// maxSymbolNameBytes is the longest name the reader of the answer takes (src/symbols/table.ts).
	maxSymbolNameBytes = 1000
	// maxSymbols and maxReferences: 100 MB of -S hold about 100,000 symbols and a million references.
	maxSymbols    = 1_000_000
	maxReferences = 10_000_000
)
