// Package mechanisms has one benchmark for each way in which a program can become slower without
// computing more, each named for it. In head `changed` is true.
package mechanisms

// A variable, so that both sides have the same code wherever it is asked.
var changed = false
