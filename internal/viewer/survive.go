package viewer

import "fmt"

// survive does something with records, and makes an error of a panic: what is wrong in
// the reading or drawing of one run must end neither a measurement nor the pages of the
// other runs.
func survive[T any](do func() (T, error)) (got T, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a fault of gwbench, please report it: %v", fault)
		}
	}()
	return do()
}
