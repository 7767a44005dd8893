package journal

import "fmt"

// Date is a day of the Gregorian calendar.
type Date struct {
	Year  int16
	Month int8
	Day   int8
}

var monthDays = [...]int8{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// ParseDate reads "2026-03-01"; false when the text is not a day that exists.
func ParseDate(s string) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	if year < 0 || month < 1 || month > 12 || day < 1 {
		return Date{}, false
	}
	last := int(monthDays[month-1])
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		last = 29
	}
	if day > last {
		return Date{}, false
	}
	return Date{Year: int16(year), Month: int8(month), Day: int8(day)}, true
}

// String gives the date as ParseDate reads it.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

func number(digits string) int {
	value := 0
	for i := 0; i < len(digits); i++ {
		c := digits[i]
		if c < '0' || c > '9' {
			return -1
		}
		value = value*10 + int(c-'0')
	}
	return value
}
