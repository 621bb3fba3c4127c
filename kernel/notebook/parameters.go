package notebook

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Parameter sets a variable that the cell tagged "parameters" declares.
type Parameter struct{ Name, Value string }

// parseParameter reads name=value.
func parseParameter(text string) (Parameter, error) {
	name, value, ok := strings.Cut(text, "=")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return Parameter{}, fmt.Errorf("-p %s: want name=value", text)
	}
	return Parameter{name, value}, nil
}

// Inject puts a cell that sets the parameters behind the one at index i, which
// has just run, each written for the type of its variable. The cell replaces one
// of an earlier run and is tagged "injected-parameters".
func (r *Runner) inject(nb *Notebook, i int, parameters []Parameter) error {
	types, err := r.types(parameters)
	if err != nil {
		return err
	}
	var source strings.Builder
	for _, p := range parameters {
		fmt.Fprintf(&source, "%s = %s\n", p.Name, literal(types[p.Name], p.Value))
	}
	cell := &Cell{
		Type: "code", ID: "injected-parameters", Source: strings.TrimSuffix(source.String(), "\n"),
		Metadata: map[string]any{"tags": []any{injected}},
	}
	if i+1 < len(nb.Cells) && nb.Cells[i+1].Tagged(injected) {
		cell.ID = nb.Cells[i+1].ID
		nb.Cells[i+1] = cell
		return nil
	}
	nb.Cells = slices.Insert(nb.Cells, i+1, cell)
	return nil
}

const injected = "injected-parameters"

// types asks the session for the types of the parameters' variables.
func (r *Runner) types(parameters []Parameter) (map[string]string, error) {
	ask := map[string]string{}
	for _, p := range parameters {
		ask[p.Name] = fmt.Sprintf("fmt.Sprintf(`%%T`, %s)", p.Name)
	}
	reply, err := r.execute(map[string]any{"code": "", "silent": true, "user_expressions": ask},
		func(string, json.RawMessage) error { return nil })
	if err != nil {
		return nil, err
	}
	types := map[string]string{}
	for _, p := range parameters {
		got := reply.Expressions[p.Name]
		shown, _ := got.Data["text/plain"].(string)
		name, err := strconv.Unquote(shown)
		if got.Status != "ok" || err != nil {
			return nil, fmt.Errorf("-p %s: the cell tagged parameters declares no variable %s (%s)", p.Name, p.Name, got.Value)
		}
		types[p.Name] = name
	}
	return types, nil
}

// parameterCell is the index of the cell tagged parameters.
func parameterCell(nb *Notebook) (int, error) {
	for i, c := range nb.Cells {
		if c.Type == "code" && c.Tagged("parameters") {
			return i, nil
		}
	}
	return 0, errors.New("-p: no code cell of the notebook is tagged parameters; tag the one that declares the variables")
}
