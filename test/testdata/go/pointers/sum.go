// Package pointers reads memory through unsafe.Pointer, by the rules.
package pointers

import "unsafe"

// Sum adds up the bytes.
func Sum(b []byte) (total int) {
	p := unsafe.Pointer(&b[0])
	for i := 0; i < len(b); i++ {
		total += int(*(*byte)(unsafe.Pointer(uintptr(p) + uintptr(i))))
	}
	return total
}
