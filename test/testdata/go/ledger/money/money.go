// Package money holds amounts of money as whole hundredths, so that sums are exact.
package money

import (
	"errors"
	"math"
)

// Amount is a number of hundredths of a currency unit: 1250 is 12.50.
type Amount int64

var (
	// ErrSyntax is returned for text that is not a decimal number with at most two decimals.
	ErrSyntax = errors.New("money: not an amount")
	// ErrRange is returned for an amount that does not fit.
	ErrRange = errors.New("money: amount out of range")
)

// Parse reads an amount such as "12", "-0.5" or "1,234.56". Commas may group the digits before the
// point and are not checked for their place.
func Parse(s string) (Amount, error) {
	rest, negative := s, false
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		negative = rest[0] == '-'
		rest = rest[1:]
	}
	var value int64
	digits, decimals := 0, -1
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case c >= '0' && c <= '9':
			if value > (math.MaxInt64-9)/10 {
				return 0, ErrRange
			}
			value = value*10 + int64(c-'0')
			digits++
			if decimals >= 0 {
				decimals++
			}
		case c == '.' && decimals < 0:
			decimals = 0
		case c == ',' && decimals < 0 && digits > 0:
		default:
			return 0, ErrSyntax
		}
	}
	if digits == 0 || decimals == 0 || decimals > 2 {
		return 0, ErrSyntax
	}
	for decimals = max(decimals, 0); decimals < 2; decimals++ {
		if value > math.MaxInt64/10 {
			return 0, ErrRange
		}
		value *= 10
	}
	if negative {
		value = -value
	}
	return Amount(value), nil
}

// Append writes the amount with two decimals to the end of dst.
func (a Amount) Append(dst []byte) []byte {
	value := uint64(a)
	if a < 0 {
		dst = append(dst, '-')
		value = -value
	}
	var buf [24]byte
	at := len(buf)
	for place := 0; place < 3 || value > 0; place++ {
		if place == 2 {
			at--
			buf[at] = '.'
		}
		at--
		buf[at] = byte('0' + value%10)
		value /= 10
	}
	return append(dst, buf[at:]...)
}

// String gives the amount with two decimals.
func (a Amount) String() string {
	var buf [32]byte
	return string(a.Append(buf[:0]))
}

// MarshalText makes amounts strings in JSON: a float would not be exact.
func (a Amount) MarshalText() ([]byte, error) {
	return a.Append(make([]byte, 0, 16)), nil
}
