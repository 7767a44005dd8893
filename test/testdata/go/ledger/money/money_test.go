package money

import (
	"errors"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Amount
		err  error
	}{
		{"12", 1200, nil},
		{"-0.5", -50, nil},
		{"+3.07", 307, nil},
		{"1,234.56", 123456, nil},
		{"92233720368547757.99", 9223372036854775799, nil},
		{"92233720368547758080", 0, ErrRange},
		{"", 0, ErrSyntax},
		{"-", 0, ErrSyntax},
		{"1.", 0, ErrSyntax},
		{"1.234", 0, ErrSyntax},
		{"1.2.3", 0, ErrSyntax},
		{"1e3", 0, ErrSyntax},
	} {
		got, err := Parse(c.in)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Parse(%q) = %d, %v; want %d, %v", c.in, got, err, c.want, c.err)
		}
	}
}

func TestString(t *testing.T) {
	for want, amount := range map[string]Amount{
		"0.00": 0, "0.07": 7, "-0.50": -50, "12.00": 1200, "-92233720368547758.08": -1 << 63,
	} {
		if got := amount.String(); got != want {
			t.Errorf("Amount(%d).String() = %q, want %q", int64(amount), got, want)
		}
	}
}

var texts = []string{
	"12", "-0.5", "1,234.56", "1200.00", "-99.95", "7", "18,500.10", "-3.20",
	"0.01", "-45,000", "8.5", "640.75", "1,000,000.00", "-12.34", "305", "99.99",
}

func BenchmarkParse(b *testing.B) {
	var sum Amount
	for i := 0; i < b.N; i++ {
		for _, text := range texts {
			amount, err := Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			sum += amount
		}
	}
	sink = sum
}

func BenchmarkAppend(b *testing.B) {
	b.ReportAllocs()
	buf := make([]byte, 0, 256)
	for i := 0; i < b.N; i++ {
		buf = buf[:0]
		for amount := Amount(-1_000_000); amount <= 1_000_000; amount += 125_000 {
			buf = amount.Append(buf)
		}
	}
	sink = Amount(len(buf))
}

var sink Amount
