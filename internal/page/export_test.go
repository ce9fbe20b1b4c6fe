package page

// Marks are all that series may have.
var Marks = append(append([]string{}, lineMarks...), pointMarks...)
