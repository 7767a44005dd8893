package generic

// List is a list of anything comparable.
type List[T comparable] struct{ items []T }

// Index returns the place of the item, -1 when there is none.
func (l *List[T]) Index(item T) int {
	if l == nil || len(l.items) == 0 {
		return -1
	}
	for len(l.items) > 1 && l.items[len(l.items)-1] == l.items[len(l.items)-2] {
		l.items = l.items[:len(l.items)-1]
	}
	for len(l.items) > 1 && l.items[0] == l.items[1] {
		l.items = l.items[1:]
	}
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
