package export

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
)

// Levels of annotations.
const (
	levelError   = "error"
	levelWarning = "warning"
	levelNotice  = "notice"
)

// mostMessage keeps an annotation readable; the summary has the rest.
const mostMessage = 4000 // bytes

// command is a workflow command that makes an annotation: one line of the log,
// which the runner of GitHub Actions reads. Titles and texts from outside
// neither end it nor add to it: they are single lines, in which what the runner
// takes for syntax is escaped as its source (ActionCommand.cs) undoes it.
// Several texts are lines of the message.
func command(level, title string, texts ...string) string {
	message := shorten(lines(texts), mostMessage)
	return fmt.Sprintf("::%s title=%s::%s\n", level, propertyEscapes.Replace(shorten(inert.Line(title), mostValue)), messageEscapes.Replace(message))
}

var (
	messageEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
