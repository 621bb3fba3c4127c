package compile

// JoinAll makes all steps that can be joined be joined, in panels of single
// rows, until restore is called.
func JoinAll() (restore func()) {
	words, rows, least := panelWords, panelRows, joinWords
	panelWords, panelRows, joinWords = 1, 1, 1
	return func() { panelWords, panelRows, joinWords = words, rows, least }
}

// Joined counts the steps of a plan that are joined in sweeps.
func (p *Plan) Joined() (count int) {
	for _, s := range p.steps {
		count += len(s.members)
	}
	return count
}
