// Package escape adds points.
package escape

import "errors"

// Point is a place on a plane.
type Point struct{ X, Y int }

type kind string

const broken kind = "broken"

func (k kind) Error() string { return string(k) }

// Sum adds the points up.
func Sum(points []Point) (Point, error) {
	if len(points) == 0 {
		return Point{}, errors.New("no points")
	}
	total := Point{}
	for _, p := range points {
		add(&total, p)
	}
	return total, nil
}

//go:noinline
func add(to *Point, p Point) {
	to.X += p.X
	to.Y += p.Y
}

// Label names a point.
func Label(p Point) any {
	buffer := make([]byte, 16)
	buffer[0] = byte(p.X)
	return buffer[0] > 0
}
