package cli

import (
	"encoding/json"

	"github.com/nabla-go/nabla/matcalc"
)

func init() { tasks["stationary"] = stationaryTask }

// stationaryLine is one question of a batch.
type stationaryLine struct {
	ID          json.RawMessage     `json:"id"`
	Vars        map[string]variable `json:"vars"`
	Expr        string              `json:"expr"`
	Wrt         string              `json:"wrt"`
	Constraint  string              `json:"constraint"`
	Constraints []string            `json:"constraints"`
	Lang        string              `json:"lang"`
}

// solved is the answer; without closed form numpy is empty and equation says
// what the point satisfies.
type solved struct {
	ID        json.RawMessage `json:"id"`
	NumPy     string          `json:"numpy"`
	Solution  string          `json:"solution,omitempty"`
	Equation  string          `json:"equation,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Why       string          `json:"why,omitempty"`
	Condition string          `json:"condition"`
	Branches  []solvedBranch  `json:"branches,omitempty"` // all points, where there are several
	Error     *failure        `json:"error,omitempty"`
}

type solvedBranch struct {
	NumPy string `json:"numpy"`
	Kind  string `json:"kind"`
}

// stationaryTask solves gradient = 0 for one line.
func stationaryTask(line []byte) any {
	var q stationaryLine
	out := solved{}
	if err := json.Unmarshal(line, &q); err != nil {
		out.Error = &failure{"syntax", "a field has the wrong type: " + err.Error(), ""}
		return out
	}
	out.ID = q.ID
	if len(out.ID) == 0 {
		out.ID = json.RawMessage("null")
	}
	p, err := q.solve()
	if err != nil {
		out.Error = failureOf(err)
		return out
	}
	out.NumPy, out.Kind, out.Why, out.Condition = p.NumPy(), string(p.Kind), p.Why.In(q.Lang), p.Condition(q.Lang)
	for _, b := range p.Branches {
		out.Branches = append(out.Branches, solvedBranch{b.NumPy(), string(b.Kind)})
	}
	if p.Closed() {
		out.Solution = p.Solution()
	} else {
		out.Equation = p.Solution()
	}
	return out
}

func (q stationaryLine) solve() (*matcalc.StationaryPoint, error) {
	v, err := declare(q.Vars)
	if err != nil {
		return nil, err
	}
	f, err := v.Parse(q.Expr)
	if err != nil {
		return nil, err
	}
	all := q.Constraints
	if q.Constraint != "" {
		all = append(all, q.Constraint)
	}
	return f.FindStationary(q.Wrt, all...)
}
