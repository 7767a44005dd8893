// Package unmeasured has no benchmark.
package unmeasured

// Point has two coordinates.
type Point struct{ X, Y int }

var last *Point

// Sum adds up the areas.
func Sum(points []Point) (total int) {
	for i := range points {
		total += area(&points[i])
	}
	return total
}

func area(p *Point) int { return p.X * p.Y }
