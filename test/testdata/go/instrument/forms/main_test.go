package forms

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if sink == 1 {
		fmt.Println(sink)
	}
	os.Exit(code)
}
