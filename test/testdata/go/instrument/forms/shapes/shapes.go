// Package shapes has files that gofmt would change and names that get in the way.
package shapes
