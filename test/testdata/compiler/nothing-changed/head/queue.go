package queue

import "fmt" // Only for a new function below.

// Count returns a function that counts its calls,
// beginning with one.
func Count() func() int {
	calls := 0
	return func() int {
		calls++
		return calls
	}
}

// Queue holds words in order.
type Queue struct{ words []string }

// Each calls f with every word.
func (queue *Queue) Each(visit func(string)) {
	for _, w := range queue.words {
		visit(w)
	}
}

// Push adds a copy of each word.
func (queue *Queue) Push(all ...string) {
	for _, w := range all {
		// The word may be a part of a large text.
		own := append([]byte(nil), w...)
		queue.words = append(queue.words, string(own))
	}
}

var _ = fmt.Sprint
