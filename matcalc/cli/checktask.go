package cli

import (
	"encoding/json"

	"github.com/nabla-go/nabla/matcalc"
)

func init() { tasks["check"] = checkTask }

// claimLine is one claim of a batch.
type claimLine struct {
	ID      json.RawMessage     `json:"id"`
	Type    string              `json:"type"` // identity, derivative or differential; by the fields when empty
	Vars    map[string]variable `json:"vars"`
	Expr    string              `json:"expr"`
	Wrt     string              `json:"wrt"`
	D       string              `json:"d"` // the direction of a differential
	Claimed string              `json:"claimed"`
	Kind    string              `json:"kind"`
	Layout  string              `json:"layout"`
	Struct  string              `json:"wrt_structure"`
	LHS     string              `json:"lhs"`
	RHS     string              `json:"rhs"`
	Lang    string              `json:"lang"`
}

// judged is the answer to a claim.
type judged struct {
	ID      json.RawMessage `json:"id"`
	Verdict string          `json:"verdict,omitempty"`
	Reason  string          `json:"reason"`
	Repair  string          `json:"repair,omitempty"` // the right form
	Error   *failure        `json:"error,omitempty"`
}

// checkTask judges one claim.
func checkTask(line []byte) any {
	var q claimLine
	out := judged{}
	if err := json.Unmarshal(line, &q); err != nil {
		out.Error = &failure{"syntax", "a field has the wrong type: " + err.Error(), ""}
		return out
	}
	out.ID = q.ID
	if len(out.ID) == 0 {
		out.ID = json.RawMessage("null")
	}
	f, err := q.judge()
	if err != nil {
		out.Error = failureOf(err)
		return out
	}
	out.Verdict = string(f.Verdict)
	out.Reason = f.Reason(q.Lang)
	if f.Verdict != matcalc.ClaimTrue {
		out.Repair = f.Repair()
	}
	return out
}

func (q claimLine) judge() (*matcalc.Finding, error) {
	v, err := declare(q.Vars)
	if err != nil {
		return nil, err
	}
	if q.Type == "identity" || q.Type == "" && q.LHS != "" {
		return v.CheckIdentity(q.LHS, q.RHS)
	}
	f, err := v.Parse(q.Expr)
	if err != nil {
		return nil, err
	}
	if q.Type == "differential" || q.Type == "" && q.D != "" {
		return f.CheckDifferential(q.Wrt, q.D, q.Claimed)
	}
	return f.CheckDerivative(q.Wrt, matcalc.Request{Kind: matcalc.Kind(q.Kind), Layout: matcalc.Layout(q.Layout), Structure: matcalc.Structure(q.Struct)}, q.Claimed)
}
