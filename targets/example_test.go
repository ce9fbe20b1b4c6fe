package targets_test

import (
	"fmt"

	"github.com/gwbench/gwbench/targets"
)

func Example() {
	builtin, err := targets.Find("builtin")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(builtin.About)
	fmt.Println(builtin.Supports("fastcgi", "unix", "keep-alive", "hello"))
	fmt.Println(builtin.Supports("uwsgi", "unix", "keep-alive", "hello"))
	_, err = targets.Find("biultin")
	fmt.Println(err)
	// Output:
	// gwbench's own servers, which differ in nothing but the protocol
	// <nil>
	// target builtin does not serve connection mode keep-alive over uwsgi with unix: it offers per-request
	// there is no target "biultin": did you mean "builtin"?
}
