package matcalc

import "github.com/nabla-go/nabla/matcalc/expr"

func exprNodes(n *expr.Node) []*expr.Node { return expr.PostOrder(n) }
