package auralink

import (
	"fmt"
	"os"
)

// A topology must rest for a short time alone: each test writes its own just before.
func init() {
	if err := os.Setenv("AURALINK_TEST_REST", "50ms"); err != nil {
		panic(fmt.Sprint("setting how long a topology rests: ", err))
	}
}
