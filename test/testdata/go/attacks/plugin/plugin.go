// Package plugin asks the C compiler to load a plugin of its own.
package plugin

// #cgo CFLAGS: -fplugin=./evil.so
// int one(void) { return 1; }
import "C"

// One gives 1.
func One() int { return int(C.one()) }
