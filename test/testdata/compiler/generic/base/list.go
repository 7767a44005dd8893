package generic

// List is a list of anything comparable.
type List[T comparable] struct{ items []T }

// Index returns the place of the item, -1 when there is none.
func (l *List[T]) Index(item T) int {
	for i := range l.items {
		if l.items[i] == item {
			return i
		}
	}
	return -1
}

// New makes a list.
func New[T comparable](items ...T) *List[T] {
	return &List[T]{items: items}
}
