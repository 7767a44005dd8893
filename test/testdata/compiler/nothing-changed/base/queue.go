package queue

// Queue holds words in order.
type Queue struct{ words []string }

// Push adds a copy of each word.
func (q *Queue) Push(words ...string) {
	for _, word := range words {
		copied := append([]byte(nil), word...)
		q.words = append(q.words, string(copied))
	}
}

// Each calls f with every word.
func (q *Queue) Each(f func(string)) {
	for _, word := range q.words {
		f(word)
	}
}

// Count returns a function that counts its calls.
func Count() func() int {
	n := 0
	return func() int { n++; return n }
}
