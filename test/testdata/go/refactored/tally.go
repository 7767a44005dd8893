// Package tally adds up the lines of an account. What it computes is of no use: each function takes
// about as long as another one, and is known by its multiplier.
package tally

// Sum adds up what stands in the lines.
func Sum(lines []string) int {
	total := 0
	for _, line := range lines {
		total += Line(line)
	}
	return total
}

//go:noinline
func Line(line string) int {
	return parseValue(line) + number(line) + checksum(line) + mix(len(line))
}

//go:noinline
func parseValue(line string) int {
	value := 1
	for i := 0; i < len(line); i++ {
		for turn := 0; turn < 16; turn++ {
			value = value*1664525 + int(line[i])
		}
	}
	return value & 255
}

//go:noinline
func number(line string) int {
	value := 1
	for i := 0; i < len(line); i++ {
		for turn := 0; turn < 6; turn++ {
			value = value*134775813 + turn
		}
		value += digit(line[i])
	}
	return value & 255
}

//go:noinline
func digit(char byte) int {
	value := int(char)
	for turn := 0; turn < 60; turn++ {
		value = value*214013 + turn
	}
	return value & 15
}

//go:noinline
func checksum(line string) int {
	sum := 1
	for i := 0; i < len(line); i++ {
		for turn := 0; turn < 8; turn++ {
			sum = sum*22695477 + int(line[i])
		}
	}
	for i := 0; i < len(line); i++ {
		for turn := 0; turn < 14; turn++ {
			sum = sum*1103515245 + int(line[i])
		}
	}
	return sum & 255
}

//go:noinline
func mix(size int) int {
	value := size
	for turn := 0; turn < 300; turn++ {
		value = value*69069 + turn
	}
	return value & 255
}
