package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/rt"
)

var profMagics = []magic{
	{cell.Command{Name: "prof", Alias: []string{"prun", "lprun"}, Takes: cell.GoCode, Usage: "%prof STATEMENT",
		Help: cell.Text{En: "run a statement, or with %%prof the whole cell, and say which lines take the time", Zh: "运行一条语句（%%prof 则是整个单元格）并说明时间花在哪些行"},
		More: cell.Text{
			En: "%prof train(100)\nCounts the lines of the cell and of all functions of cells that it calls: how often each was\nreached, and the time until the next one. Counting makes interpreted code about three times slower.",
			Zh: "%prof train(100)\n统计该单元格以及它调用的单元格函数的每一行：到达次数，以及到下一行为止的用时。\n统计会使解释执行的代码慢约三倍。"}}, magicProf},
}

// magicProf runs code with counters and shows a table for each cell whose lines
// were reached.
func magicProf(r *run, m cell.Magic) error {
	if strings.TrimSpace(m.Args+m.Body) == "" {
		return fmt.Errorf("%s", r.say("say what to time: %prof STATEMENT", "请写出要计时的语句：%prof 语句"))
	}
	code := placed(m, m.Args)
	declarations, statements := cell.Parts(code)
	if faults := r.faults(code); len(faults) > 0 {
		return fault{r.hinted(code, faults, r.compileError(code, faults))}
	}
	// Declarations are made without counters: they outlive the profile, which
	// lowers with counters whatever the statements call.
	if err := r.inner(declarations); err != nil {
		return err
	}
	p := rt.StartProfile()
	start := time.Now()
	r.profiled = true
	err := r.inner(statements)
	r.profiled = false
	total := time.Since(start)
	lines := p.Stop()
	if err != nil {
		return err
	}
	r.engine.capture.drain()
	r.print(r.profileTable(lines, total))
	return nil
}

// profileTable writes what was counted, by cell and line.
func (r *run) profileTable(lines map[rt.Mark]*rt.Line, total time.Duration) string {
	var counted time.Duration
	for _, l := range lines {
		counted += l.Time
	}
	var b strings.Builder
	fmt.Fprintf(&b, r.say("total: %s\n", "总用时：%s\n"), short(total))
	// The same lines may be in two units: the declarations and the statements of
	// one cell.
	type place struct{ count, line int }
	sums := map[place]*rt.Line{}
	text := map[place]string{}
	for mark, l := range lines {
		u, at := r.engine.reached(mark)
		if at == 0 {
			continue
		}
		k := place{u.count, at}
		if sums[k] == nil {
			sums[k] = &rt.Line{}
		}
		sums[k].Hits += l.Hits
		sums[k].Time += l.Time
		if all := strings.Split(r.typed(u.code), "\n"); at <= len(all) {
			text[k] = all[at-1]
		}
	}
	keys := slices.SortedFunc(maps.Keys(sums), func(x, y place) int {
		if x.count != y.count {
			return x.count - y.count
		}
		return x.line - y.line
	})
	cellOf := 0
	for _, k := range keys {
		if k.count != cellOf {
			cellOf = k.count
			fmt.Fprintf(&b, r.say("cell %d\n  line      hits       time      %%\n", "单元格 %d\n  行        次数       用时      %%\n"), cellOf)
		}
		l := sums[k]
		share := 100 * float64(l.Time) / float64(max(counted, 1))
		fmt.Fprintf(&b, "%6d %9s %10s %6.1f  %s\n", k.line, thousands(l.Hits), short(l.Time), share, strings.ReplaceAll(text[k], "\t", "    "))
	}
	return b.String()
}
