package recorder

import (
	"testing"
	"time"
)

func TestSlowDownIsPartOfTheInterval(t *testing.T) {
	t.Setenv(SlowDownVariable, "0.5")
	setUpSlowDown()
	defer func() { slowDown = 0 }()
	if slowDown != 0.5 || turnPs < 1 {
		t.Fatalf("slow-down %v, a turn of %d ps", slowDown, turnPs)
	}
	b := new(testing.B)
	b.StartTimer()
	defer b.StopTimer()
	for _, took := range []int64{int64(200 * time.Microsecond), int64(2 * time.Millisecond)} {
		before := int64(b.Elapsed())
		after, whole := burn(b, before, took)
		slack := took / 100 // The clock of the processor may be faster by now than when it was measured.
		if after < before+took/2-readNs-slack || whole < took+took/2-2*readNs-slack {
			t.Errorf("an interval of %d ns became %d, and %d passed", took, whole, after-before)
		}
	}
}

func TestNothingSlowsDownUnasked(t *testing.T) {
	for _, text := range []string{"", "0", "-1", "x"} {
		t.Setenv(SlowDownVariable, text)
		if setUpSlowDown(); slowDown != 0 {
			t.Errorf("%q slows down by %v", text, slowDown)
		}
	}
}
