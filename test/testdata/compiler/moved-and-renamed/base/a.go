package renamed

// Apply calls f twice.
func Apply(f func(int) int, n int) int { return twice(f, n) }

func twice(f func(int) int, n int) int { return f(f(n)) }

// Shift adds a number that it remembers.
func Shift(by int) func(int) int {
	return func(n int) int { return n + by }
}
