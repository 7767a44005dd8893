// Package broken does not compile: a type error and an undefined name.
package broken

// Width gives the width of a line.
func Width(line string) int {
	var width string = len(line)
	return width + undefinedMargin
}
