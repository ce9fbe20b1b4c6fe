package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parsePercent reads a share that is written in percent, 5% for 0.05.
func parsePercent(text string) (share float64, err error) {
	text = strings.TrimSpace(text)
	number, ok := strings.CutSuffix(text, "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(percent >= 0) || math.IsInf(percent, 0) {
		return 0, fmt.Errorf("%q is no percentage: write it as 5%%", text)
	}
	return percent / 100, nil
}

// share is a flag whose value is some of a whole, in percent.
type share float64

func (s *share) String() string { return strconv.FormatFloat(100*float64(*s), 'g', -1, 64) + "%" }
func (s *share) Type() string   { return "percent" }

func (s *share) Set(text string) error {
	value, err := parsePercent(text)
	if err != nil {
		return err
	}
	if !(value > 0 && value <= 1) {
		return errors.New("want a percentage above 0% and up to 100%, such as 5%")
	}
	*s = share(value)
	return nil
}
