package renamed

// Apply calls f twice.
func Apply(f func(int) int, n int) int { return applyTwice(f, n) }

// Shift adds a number that it remembers.
func Shift(by int) func(int) int {
	if by == 0 {
		return func(n int) int { return n }
	}
	return func(n int) int { return n + by }
}
