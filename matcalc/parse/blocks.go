package parse

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// blocks reads [A, B; C, D] after its opening bracket.
func (p *parser) blocks(open Token) (piece, *shape.Error) {
	var rows []piece
	row := []piece{}
	for {
		v, err := p.sum()
		if err != nil {
			return v, err
		}
		row = append(row, v)
		t := p.next()
		if t.Kind == Punct && t.Text == "," {
			continue
		}
		if t.Kind != Punct || t.Text != ";" && t.Text != "]" {
			p.at--
			return v, p.leftover(t)
		}
		r := row[0]
		if len(row) > 1 {
			var err *shape.Error
			if r, err = p.build(expr.OpHCat, row...); err != nil {
				return r, err
			}
		}
		rows, row = append(rows, r), row[:0]
		if t.Text == "]" {
			break
		}
	}
	out := rows[0]
	if len(rows) > 1 {
		var err *shape.Error
		if out, err = p.build(expr.OpVCat, rows...); err != nil {
			return out, err
		}
	}
	out.pos, out.end = open.Pos, p.toks[p.at-1].End
	return out, nil
}
