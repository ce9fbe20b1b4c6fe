package meter_test

import (
	"fmt"
	"os"

	"github.com/gwbench/gwbench/internal/meter"
)

func Example() {
	m := meter.New(meter.Servers{Target: os.Getpid()}, 1, 1) // this process, as if it were the server
	before := m.Sample()
	for i := 0; i < 1_000_000; i++ {
		_ = fmt.Sprint(i)
	}
	usage := m.Between(before, m.Sample())
	fmt.Println(*usage.ServerUser+*usage.ServerSystem > 0)
	// Output: true
}
