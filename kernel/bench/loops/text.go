package loops

import (
	"strconv"
	"strings"
)

// Text builds a string and takes it apart.
func Text() float64 {
	var b strings.Builder
	for i := 0; i < 40000; i++ {
		b.WriteString(strconv.Itoa(i))
		b.WriteByte(' ')
	}
	words := strings.Fields(b.String())
	line := ""
	sum := 0
	for i, w := range words {
		line += w[:1]
		if len(line) > 40 {
			sum += strings.Count(line, "1") + i%7
			line = ""
		}
		for j := 0; j < len(w); j++ {
			sum += int(w[j] - '0')
		}
	}
	return float64(sum)
}
