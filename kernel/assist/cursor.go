package assist

import "unicode/utf8"

// byteOffset turns a cursor in code points, which may lie outside the code, into
// a byte offset inside it.
func byteOffset(code string, cursor int) int {
	if cursor <= 0 {
		return 0
	}
	n := 0
	for i := range code {
		if n == cursor {
			return i
		}
		n++
	}
	return len(code)
}

// runeOffset turns a byte offset into code points.
func runeOffset(code string, offset int) int { return utf8.RuneCountInString(code[:offset]) }
