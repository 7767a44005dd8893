// Package dep exists in the vendor folder only: no proxy has it.
package dep

// Mix gives n with its bits spread.
func Mix(n uint64) uint64 {
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd
	return n ^ n>>33
}
