package balance

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"example.com/ledger/journal"
	"example.com/ledger/money"
)

func TestRollup(t *testing.T) {
	book := NewBook()
	book.Post(journal.Entry{Account: "expenses:office:rent", Currency: "EUR", Amount: -100})
	book.Post(journal.Entry{Account: "expenses:office", Currency: "EUR", Amount: -20})
	book.Post(journal.Entry{Account: "expenses:travel", Currency: "USD", Amount: -3})
	want := []Line{
		{"expenses", "EUR", -120},
		{"expenses", "USD", -3},
		{"expenses:office", "EUR", -120},
		{"expenses:office:rent", "EUR", -100},
		{"expenses:travel", "USD", -3},
	}
	if got := book.Rollup(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTotal(t *testing.T) {
	book := NewBook()
	book.Post(journal.Entry{Account: "cash", Currency: "EUR", Amount: 5})
	book.Post(journal.Entry{Account: "cash:till", Currency: "EUR", Amount: 6})
	book.Post(journal.Entry{Account: "cashback", Currency: "EUR", Amount: 7})
	if got := book.Total("cash", "EUR"); got != 11 {
		t.Errorf("Total = %d, want 11", got)
	}
}

// entries gives count entries over as many accounts, each depth names deep.
func entries(count, depth int) []journal.Entry {
	out := make([]journal.Entry, count)
	for i := range out {
		names := make([]string, depth)
		for level := range names {
			names[level] = fmt.Sprintf("level%d-%d", level, i%(level*4+3))
		}
		names[depth-1] = fmt.Sprintf("leaf-%d", i)
		out[i] = journal.Entry{
			Account:  strings.Join(names, ":"),
			Currency: []string{"EUR", "USD"}[i%2],
			Amount:   money.Amount(100 + i),
		}
	}
	return out
}

func BenchmarkPost(b *testing.B) {
	for _, count := range []int{8, 512} {
		posted := entries(count, 3)
		b.Run(fmt.Sprintf("accounts=%d", count), func(b *testing.B) {
			b.ReportAllocs()
			book := NewBook()
			for i := 0; i < b.N; i++ {
				for _, entry := range posted {
					book.Post(entry)
				}
			}
		})
	}
}

func BenchmarkRollup(b *testing.B) {
	for _, depth := range []int{2, 6} {
		book := NewBook()
		for _, entry := range entries(40, depth) {
			book.Post(entry)
		}
		b.Run(fmt.Sprintf("depth=%d", depth), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				sink = book.Rollup()
			}
		})
	}
}

func BenchmarkTotal(b *testing.B) {
	book := NewBook()
	for _, entry := range entries(200, 4) {
		book.Post(entry)
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		total = book.Total("level0-1", "EUR")
	}
}

var (
	sink  []Line
	total money.Amount
)
