// Package escape adds points.
package escape

import "errors"

// Point is a place on a plane.
type Point struct{ X, Y int }

type kind string

const broken kind = "broken"

func (k kind) Error() string { return string(k) }

var last *Point

// Sum adds the points up.
func Sum(points []Point) (Point, error) {
	if len(points) == 0 {
		return Point{}, errors.New("no points")
	}
	if len(points) > 1000 {
		return Point{}, broken
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
	last = to
}

// Label names a point.
func Label(p Point) any {
	buffer := make([]byte, 16)
	buffer[0] = byte(p.X)
	return p
}

func trace(points []Point) []string {
	lines := make([]string, len(points))
	for i := range points {
		lines[i] = "point"
	}
	return lines
}
