package reach

// startUp is computed when the program starts.
var startUp = compute(20)

func compute(n int) int {
	a, b := 0, 1
	for i := 0; i < n; i++ {
		a, b = b, a+b
	}
	return a
}
