// Package includes has the C compiler read a file of the host, and quote it.
package includes

// #include "/etc/shadow"
// #include "/etc/passwd"
// int one(void) { return 1; }
import "C"

// One gives 1.
func One() int { return int(C.one()) }
