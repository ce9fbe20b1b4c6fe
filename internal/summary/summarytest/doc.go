// Package summarytest holds the runs that tests of reports are made with. Their
// figures are made up, and the same each time.
package summarytest
