package journal

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseLine(t *testing.T) {
	entry, err := ParseLine(`2026-03-01  expenses:office:rent  -1,200.00 EUR "March rent"`)
	if err != nil {
		t.Fatal(err)
	}
	want := Entry{Date{2026, 3, 1}, "expenses:office:rent", -120000, "EUR", "March rent"}
	if entry != want {
		t.Errorf("got %+v, want %+v", entry, want)
	}
}

func TestParseLineErrors(t *testing.T) {
	for line, field := range map[string]string{
		`2026-02-29 a 1 EUR`:          "date",
		`2026-13-01 a 1 EUR`:          "date",
		`2026-03-01 A 1 EUR`:          "account",
		`2026-03-01 a::b 1 EUR`:       "account",
		`2026-03-01 a`:                "amount",
		`2026-03-01 a 1.234 EUR`:      "amount",
		`2026-03-01 a 1 eur`:          "currency",
		`2026-03-01 a 1 EUR note`:     "note",
		`2026-03-01 a 1 EUR "note" x`: "note",
	} {
		if _, err := ParseLine(line); err == nil || err.Field != field {
			t.Errorf("ParseLine(%q): %v, want a bad %s", line, err, field)
		}
	}
}

func TestRead(t *testing.T) {
	entries, err := Read([]byte("# March\n\n2026-03-01 a:b 1 EUR\r\n2024-02-29 c 2.5 USD \"x\"\n"))
	if err != nil || len(entries) != 2 || entries[1].Amount != 250 || entries[1].Note != "x" {
		t.Errorf("got %+v, %v", entries, err)
	}
	_, err = Read([]byte("2026-03-01 a 1 EUR\n\n2026-03-01 a x EUR\n"))
	if err == nil || err.Error() != `line 3: bad amount "x"` {
		t.Errorf("got error %v", err)
	}
}

var samples = map[string][]string{
	"short": {
		`2026-03-01 cash 12 EUR`,
		`2026-03-01 cash:till -0.50 EUR`,
		`2026-03-02 income 300 USD`,
		`2026-03-02 tax 19.95 CHF`,
	},
	"full": {
		`2026-03-01 expenses:office:rent -1,200.00 EUR "March rent"`,
		`2026-03-01 expenses:travel:train:abroad -87.35 CHF "Basel and back"`,
		`2026-03-02 income:sales:web 18,500.10 USD "orders 1021 to 1187"`,
		`2026-03-02 assets:bank:savings 250.00 EUR "put aside"`,
	},
}

func BenchmarkParseLine(b *testing.B) {
	for _, name := range []string{"short", "full"} {
		lines := samples[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				for _, line := range lines {
					entry, err := ParseLine(line)
					if err != nil {
						b.Fatal(err)
					}
					sink = entry
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	page := strings.Join(append(samples["short"], samples["full"]...), "\n") + "\n"
	for _, count := range []int{16, 400} {
		text := []byte(strings.Repeat(page, count/8))
		b.Run(fmt.Sprintf("lines=%d", count), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for i := 0; i < b.N; i++ {
				entries, err := Read(text)
				if err != nil {
					b.Fatal(err)
				}
				sink = entries[len(entries)-1]
			}
		})
	}
}

func BenchmarkParseDate(b *testing.B) {
	dates := []string{"2026-03-01", "2024-02-29", "1999-12-31", "2026-07-15", "2026-11-30",
		"2025-01-02", "2026-08-08", "2000-02-29", "2026-05-05", "2023-10-21",
		"2026-01-31", "2026-06-30", "2024-12-24", "2022-09-09", "2026-04-01"}
	for i := 0; i < b.N; i++ {
		for _, text := range dates {
			date, ok := ParseDate(text)
			if !ok {
				b.Fatal(text)
			}
			sink.Date = date
		}
	}
}

var sink Entry
