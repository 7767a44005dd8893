// Package app is one of two modules of a workspace; it builds only with go.work.
package app

import "example.com/workspace/lib"

// Mean gives the mean of the values; 0 when there are none.
func Mean(values []int) int {
	if len(values) == 0 {
		return 0
	}
	return lib.Sum(values) / len(values)
}
