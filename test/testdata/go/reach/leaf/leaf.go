// Package leaf is what another package of the module uses.
package leaf

//go:noinline
func Twist(n int) int { return n*31 + 7 }
