package doctor_test

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/doctor"
)

func ExampleSummarise() {
	summary := doctor.Summarise([]doctor.Check{
		{Name: "steal", Result: doctor.Pass, Finding: "0.0 % of the CPU time of 1s"},
		{Name: "governor", Result: doctor.Warn, Finding: "powersave"},
		{Name: "turbo", Result: doctor.Unknown, Finding: "the system does not tell"},
	})
	fmt.Println(summary.Fit)
	fmt.Println(summary)
	// Output:
	// true
	// fit, with 1 warning and 1 unknown
}
