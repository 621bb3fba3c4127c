package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Notebook is a file of nbformat 4. Keys that are not named here are kept.
type Notebook struct {
	Cells    []*Cell
	Metadata map[string]any
	Minor    int
}

// A Cell is one cell; code cells have outputs and a count.
type Cell struct {
	Type     string
	ID       string
	Metadata map[string]any
	Source   string
	Outputs  []map[string]any
	Count    *int
	rest     map[string]json.RawMessage // attachments and the like
}

// Tagged tells whether the cell has a tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// text is a string or a list of strings, as nbformat writes text.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

func (t text) MarshalJSON() ([]byte, error) {
	lines := strings.SplitAfter(string(t), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return marshal(lines)
}

// Read reads a notebook whose kernel, if it names one, speaks Go.
func Read(path string) (*Notebook, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	nb, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nb, nil
}

// Parse reads the text of a notebook.
func Parse(data []byte) (*Notebook, error) {
	var file struct {
		Format   *int              `json:"nbformat"`
		Minor    int               `json:"nbformat_minor"`
		Metadata map[string]any    `json:"metadata"`
		Cells    []json.RawMessage `json:"cells"`
	}
	var mistyped *json.UnmarshalTypeError
	switch err := json.Unmarshal(data, &file); {
	case errors.As(err, &mistyped) && mistyped.Field == "":
		return nil, fmt.Errorf("this is no notebook: it holds a JSON %s, not an object", mistyped.Value)
	case errors.As(err, &mistyped):
		return nil, fmt.Errorf("this is no notebook: %s is a JSON %s", mistyped.Field, mistyped.Value)
	case err != nil:
		return nil, fmt.Errorf("this is no notebook: %w", err)
	}
	switch {
	case file.Format == nil:
		return nil, errors.New(`this is no notebook: the key "nbformat" is missing`)
	case *file.Format != 4:
		return nil, fmt.Errorf("nbformat %d cannot be read; save the notebook as nbformat 4 (jupyter nbconvert --to notebook does it)", *file.Format)
	}
	nb := &Notebook{Metadata: file.Metadata, Minor: file.Minor}
	if nb.Metadata == nil {
		nb.Metadata = map[string]any{}
	}
	if language := nb.language(); language != "" && language != "go" {
		return nil, fmt.Errorf("this notebook is for a kernel of %s; Nabla runs Go", language)
	}
	for i, raw := range file.Cells {
		c, err := parseCell(raw)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, c)
	}
	return nb, nil
}

func (nb *Notebook) language() string {
	if spec, ok := nb.Metadata["kernelspec"].(map[string]any); ok {
		if l, ok := spec["language"].(string); ok {
			return strings.ToLower(l)
		}
	}
	if info, ok := nb.Metadata["language_info"].(map[string]any); ok {
		if l, ok := info["name"].(string); ok {
			return strings.ToLower(l)
		}
	}
	return ""
}

func parseCell(raw json.RawMessage) (*Cell, error) {
	c := &Cell{Metadata: map[string]any{}}
	if err := json.Unmarshal(raw, &c.rest); err != nil {
		return nil, err
	}
	var source text
	for key, into := range map[string]any{"cell_type": &c.Type, "id": &c.ID, "metadata": &c.Metadata, "source": &source} {
		value, ok := c.rest[key]
		delete(c.rest, key)
		if !ok {
			continue
		}
		if err := json.Unmarshal(value, into); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	delete(c.rest, "outputs")
	delete(c.rest, "execution_count")
	if !slices.Contains([]string{"code", "markdown", "raw"}, c.Type) {
		return nil, fmt.Errorf("unknown cell_type %q", c.Type)
	}
	c.Source = string(source)
	return c, nil
}

// marshal is JSON without escapes of < and >.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Write writes the notebook as nbformat 4.5, wholly or not at all.
func (nb *Notebook) Write(path string) error {
	nb.name()
	cells := make([]map[string]any, 0, len(nb.Cells))
	for _, c := range nb.Cells {
		cell := map[string]any{"cell_type": c.Type, "id": c.ID, "metadata": c.Metadata, "source": text(c.Source)}
		for k, v := range c.rest {
			cell[k] = v
		}
		if c.Type == "code" {
			cell["outputs"] = c.Outputs
			if c.Outputs == nil {
				cell["outputs"] = []any{}
			}
			cell["execution_count"] = c.Count
		}
		cells = append(cells, cell)
	}
	data, err := marshal(map[string]any{"cells": cells, "metadata": nb.Metadata, "nbformat": 4, "nbformat_minor": max(nb.Minor, 5)})
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, data, "", " "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	return replace(path, pretty.Bytes())
}

// name gives an id to each cell that has none of its own.
func (nb *Notebook) name() {
	taken := map[string]bool{}
	for i, c := range nb.Cells {
		if c.ID == "" || taken[c.ID] {
			for n := i + 1; c.ID == "" || taken[c.ID]; n++ {
				c.ID = fmt.Sprintf("cell-%d", n)
			}
		}
		taken[c.ID] = true
	}
}

// replace writes a file beside its place and renames it. The file keeps the
// permissions of one that it replaces, and a link stays a link.
func replace(path string, content []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".nabla-*.ipynb")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(content); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := os.Chmod(temp.Name(), mode); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
