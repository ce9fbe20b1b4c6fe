package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// notBoth refuses two flags beside each other, and says what to do instead. cobra, which
// knows of the pair for completion, would refuse it too, in words for programmers.
func notBoth(cmd *cobra.Command, a, b, advice string) {
	cmd.MarkFlagsMutuallyExclusive(a, b)
	refuse(cmd, func() error {
		if cmd.Flags().Changed(a) && cmd.Flags().Changed(b) {
			return fmt.Errorf("--%s and --%s cannot be used together: %s", a, b, advice)
		}
		return nil
	})
}

// bothOrNone refuses one of two flags without the other; advice says what the two are.
func bothOrNone(cmd *cobra.Command, a, b, advice string) {
	cmd.MarkFlagsRequiredTogether(a, b)
	refuse(cmd, func() error {
		switch hasA, hasB := cmd.Flags().Changed(a), cmd.Flags().Changed(b); {
		case hasA && !hasB:
			return fmt.Errorf("--%s needs --%s beside it: %s", a, b, advice)
		case hasB && !hasA:
			return fmt.Errorf("--%s needs --%s beside it: %s", b, a, advice)
		}
		return nil
	})
}

// refuse adds a check of flags that comes before that of cobra.
func refuse(cmd *cobra.Command, check func() error) {
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if before != nil {
			if err := before(cmd, args); err != nil {
				return err
			}
		}
		return check()
	}
}
