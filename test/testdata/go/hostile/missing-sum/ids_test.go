package ids

import "testing"

func BenchmarkParse(b *testing.B) {
	texts := []string{"7d444840-9dc0-11d1-b245-5ffdce74fad2", "not one"}
	for i := 0; i < b.N; i++ {
		if Parse(texts) != 1 {
			b.Fatal("want one valid UUID")
		}
	}
}
