// Package usescgo calls C.
package usescgo

// int twice(int n) { return 2 * n; }
import "C"

// Twice gives 2n.
func Twice(n int) int { return int(C.twice(C.int(n))) }
