// Package balance keeps exact totals per account and currency.
package balance

import (
	"sort"
	"strings"

	"example.com/ledger/journal"
	"example.com/ledger/money"
)

// Book holds the totals of all entries posted to it. It is not safe for concurrent use.
type Book struct {
	totals map[key]*money.Amount
}

type key struct {
	account  string
	currency string
}

// NewBook gives an empty book.
func NewBook() *Book {
	return &Book{totals: make(map[key]*money.Amount)}
}

// Post adds an entry to its account. The strings of a new account are copied: those of an entry
// would keep the whole journal they were read from in memory.
func (b *Book) Post(entry journal.Entry) {
	total, known := b.totals[key{entry.Account, entry.Currency}]
	if !known {
		total = new(money.Amount)
		b.totals[key{strings.Clone(entry.Account), strings.Clone(entry.Currency)}] = total
	}
	*total += entry.Amount
}

// Line is the total of an account and of everything below it, in one currency.
type Line struct {
	Account  string       `json:"account"`
	Currency string       `json:"currency"`
	Total    money.Amount `json:"total"`
}

// Rollup gives a line for every account and for all their parents, in alphabetical order.
func (b *Book) Rollup() []Line {
	sums := make(map[key]money.Amount, 2*len(b.totals))
	for k, amount := range b.totals {
		for account := k.account; account != ""; {
			sums[key{account, k.currency}] += *amount
			cut := strings.LastIndexByte(account, ':')
			account = account[:max(cut, 0)]
		}
	}
	out := make([]Line, 0, len(sums))
	for k, amount := range sums {
		out = append(out, Line{k.account, k.currency, amount})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Account != out[j].Account {
			return out[i].Account < out[j].Account
		}
		return out[i].Currency < out[j].Currency
	})
	return out
}

// Total adds up an account and everything below it, in one currency.
func (b *Book) Total(account, currency string) money.Amount {
	var sum money.Amount
	for k, amount := range b.totals {
		if k.currency == currency && below(k.account, account) {
			sum += *amount
		}
	}
	return sum
}

func below(account, parent string) bool {
	if !strings.HasPrefix(account, parent) {
		return false
	}
	return len(account) == len(parent) || account[len(parent)] == ':'
}
