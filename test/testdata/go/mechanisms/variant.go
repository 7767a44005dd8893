// Package mechanisms has one benchmark for each way in which a program can become slower, named for
// it. `changed` chooses the slower way: both sides of a comparison may be one binary.
package mechanisms

import "os"

var changed = os.Getenv("MECHANISMS_CHANGED") != ""
