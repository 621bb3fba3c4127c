package claim

import (
	"regexp"
	"strings"
)

// translations are the messages about shapes in Chinese.
var translations = []struct {
	pattern *regexp.Regexp
	zh      string
}{
	{regexp.MustCompile(`^cannot add (.+) and (.+)$`), "$1 与 $2 不能相加"},
	{regexp.MustCompile(`^(?:the scalar |a )?(.+) cannot be added to (.+)$`), "标量 $1 不能与 $2 相加"},
	{regexp.MustCompile(`^cannot multiply (.+) by (.+): (.+) columns meet (.+) rows$`), "$1 不能乘以 $2：前者有 $3 列，后者有 $4 行"},
	{regexp.MustCompile(`^cannot divide by (.+)$`), "不能除以 $1"},
	{regexp.MustCompile(`^an elementwise operation needs equal shapes: (.+) and (.+)$`), "逐元素运算要求形状相同：$1 与 $2"},
	{regexp.MustCompile(`^a power needs a scalar or a square matrix, not (.+)$`), "只有标量和方阵能取幂，$1 不能"},
	{regexp.MustCompile(`^a square matrix is needed, not (.+)$`), "此处需要方阵，而不是 $1"},
	{regexp.MustCompile(`^(.+) is a (\w+ ?\(?[^,]*\)?|scalar), but it must be a (.+)$`), "$1 是$2，应为$3"},
}

// nouns are the kinds of shape.
var nouns = strings.NewReplacer("matrix ", "矩阵 ", "vector ", "向量 ", "row ", "行向量 ", "scalar", "标量")

// chinese is a message about shapes in Chinese; one that is not known stays.
func chinese(message string) string {
	for _, t := range translations {
		if t.pattern.MatchString(message) {
			return nouns.Replace(t.pattern.ReplaceAllString(message, t.zh))
		}
	}
	return message
}
