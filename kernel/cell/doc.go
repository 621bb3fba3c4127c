// Package cell turns the text of a cell into a plan: it splits Go from magics,
// finds declarations and statements, type-checks them with go/types against
// everything that lives, and rewrites what the interpreter gets wrong. It runs
// nothing.
//
// A cell travels Split -> Live.Check -> Plan; when the plan has run, Plan.Commit
// makes its names live.
package cell
