// Package lib is found through go.work only: app requires a version that no proxy has.
package lib

// Sum adds the values.
func Sum(values []int) int {
	sum := 0
	for _, value := range values {
		sum += value
	}
	return sum
}
