// Package plain has code and tests but no benchmark.
package plain

// Double gives twice n.
func Double(n int) int { return 2 * n }
