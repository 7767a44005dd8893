//go:build linux || darwin

package odd

import "testing"

func BenchmarkTagged(b *testing.B) { work(b) }
