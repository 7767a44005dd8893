//go:build never

package odd

import "testing"

func BenchmarkExcludedByTag(b *testing.B) { doesNotExist(b) }
