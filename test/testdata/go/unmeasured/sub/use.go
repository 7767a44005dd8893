// Package sub calls what changes.
package sub

import "example.com/unmeasured"

// Use sums nothing.
func Use() int { return unmeasured.Sum(nil) }
