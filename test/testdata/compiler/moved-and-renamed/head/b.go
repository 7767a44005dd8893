package renamed

func applyTwice(g func(int) int, n int) int { return g(g(n)) }
