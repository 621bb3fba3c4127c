package eval

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/nabla-go/nabla/kernel/cell"
)

var timeMagics = []magic{
	{cell.Command{Name: "time", Takes: cell.GoCode, Usage: "%time STATEMENT",
		Help: cell.Text{En: "run a statement, or with %%time the whole cell, and say how long it took", Zh: "运行一条语句（%%time 则是整个单元格）并报告用时"},
		More: cell.Text{En: "%time s := slow()", Zh: "%time s := slow()"}}, magicTime},
	{cell.Command{Name: "timeit", Takes: cell.GoCode, Usage: "%timeit [-n LOOPS] [-r RUNS] STATEMENT",
		Help: cell.Text{En: "run a statement many times and say how long one run takes", Zh: "多次运行一条语句并报告每次用时"},
		More: cell.Text{En: "%timeit -r 3 f(100)", Zh: "%timeit -r 3 f(100)"}}, magicTimeit},
}

// placed is the code of a magic at the line and column where it was typed.
func placed(m cell.Magic, args string) string {
	if m.Cell {
		code := strings.Repeat("\n", m.Line) + m.Body
		if args != "" {
			code = strings.Repeat("\n", m.Line-1) + args + "\n" + m.Body
		}
		return code
	}
	column := m.Column + len(m.Args) - len(args)
	return strings.Repeat("\n", m.Line-1) + strings.Repeat(" ", max(column-1, 0)) + args
}

// inner runs Go inside a magic and shows its result.
func (r *run) inner(code string) error {
	value, f := r.goCode(code)
	if f != nil {
		return fault{f}
	}
	if value != nil {
		r.out.Display(*value, "", false)
	}
	return nil
}

func magicTime(r *run, m cell.Magic) error {
	if strings.TrimSpace(m.Args+m.Body) == "" {
		return fmt.Errorf("%s", r.say("say what to time: %time STATEMENT", "请写出要计时的语句：%time 语句"))
	}
	user, system := cpuTime()
	start := time.Now()
	err := r.inner(placed(m, m.Args))
	wall := time.Since(start)
	u, s := cpuTime()
	u, s = u-user, s-system
	if err != nil {
		return err
	}
	r.engine.capture.drain()
	r.print(fmt.Sprintf("CPU times: user %s, sys: %s, total: %s\nWall time: %s\n", short(u), short(s), short(u+s), short(wall)))
	return nil
}

// short writes a duration with three digits.
func short(d time.Duration) string {
	x := float64(d.Nanoseconds())
	for _, u := range []struct {
		name string
		size float64
	}{{"ns", 1}, {"µs", 1e3}, {"ms", 1e6}} {
		if x < 999.5*u.size {
			return fmt.Sprintf("%.3g %s", x/u.size, u.name)
		}
	}
	if d < time.Minute {
		return fmt.Sprintf("%.3g s", x/1e9)
	}
	return d.Round(time.Second).String()
}

// How %timeit measures: loops long enough to be timed well, and several runs.
const (
	timeitRuns  = 7
	timeitLeast = 100 * time.Millisecond // of one run
	timeitLoops = 100_000_000
)

// timeitOptions takes -n and -r off the front of the arguments.
func timeitOptions(args string) (loops, runs int, rest string, err error) {
	runs, rest = timeitRuns, args
	for {
		var k, used int
		var option byte
		if n, _ := fmt.Sscanf(rest, "-%c %d", &option, &k); n != 2 {
			return loops, runs, rest, nil
		}
		used = 2 + len(rest[2:]) - len(strings.TrimLeft(rest[2:], " "))
		used += len(fmt.Sprint(k))
		if k < 1 || option != 'n' && option != 'r' {
			return 0, 0, rest, fmt.Errorf("-n LOOPS -r RUNS: %q", rest)
		}
		if option == 'n' {
			loops = k
		} else {
			runs = k
		}
		rest = strings.TrimLeft(rest[min(used, len(rest)):], " ")
	}
}

// magicTimeit reports mean and standard deviation of several runs. The loop is
// inside one statement, so that a run costs what it costs in a program.
func magicTimeit(r *run, m cell.Magic) error {
	loops, runs, code, err := timeitOptions(m.Args)
	if err != nil {
		return err
	}
	if strings.TrimSpace(code+m.Body) == "" {
		return fmt.Errorf("%s", r.say("say what to time: %timeit STATEMENT", "请写出要计时的语句：%timeit 语句"))
	}
	body := placed(m, code)
	if faults := r.faults(body); len(faults) > 0 {
		return fault{r.hinted(body, faults, r.compileError(body, faults))}
	}
	r.shown = body
	defer func() { r.shown = "" }()
	if strings.TrimSpace(code) != "" && r.isValue(code) {
		body = strings.Replace(body, code, "_ = "+code, 1)
	}
	loop := func(n int) (time.Duration, error) {
		if _, f := r.goCode(fmt.Sprintf("for nablaLoop := 0; nablaLoop < %d; nablaLoop++ {%s\n}", n, body)); f != nil {
			return 0, fault{f}
		}
		return r.spent, nil
	}
	idle := time.Duration(math.MaxInt64) // what no loop at all costs
	for range 5 {
		d, err := loop(0)
		if err != nil {
			return err
		}
		idle = min(idle, d)
	}
	for loops == 0 {
		for n := 1; ; n *= 10 {
			d, err := loop(n)
			if err != nil {
				return err
			}
			if d >= timeitLeast/5 || n >= timeitLoops {
				loops = n
				break
			}
		}
	}
	var sum, squares float64
	for range runs {
		d, err := loop(loops)
		if err != nil {
			return err
		}
		x := float64(max(d-idle, 0)) / float64(loops)
		sum, squares = sum+x, squares+x*x
	}
	mean := sum / float64(runs)
	spread := math.Sqrt(max(squares/float64(runs)-mean*mean, 0))
	r.engine.capture.drain()
	r.print(fmt.Sprintf("%s ± %s per loop (mean ± std. dev. of %d run%s, %s loop%s each)\n",
		short(time.Duration(mean)), short(time.Duration(spread)), runs, plural(runs), thousands(loops), plural(loops)))
	return nil
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// thousands writes 1,000,000.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for k := len(text) - 3; k > 0; k -= 3 {
		text = text[:k] + "," + text[k:]
	}
	return text
}

// isValue tells that code is one expression whose value a statement must use.
func (r *run) isValue(code string) bool {
	return len(r.faults("_ = "+code)) == 0
}

// faults checks code that is not run.
func (r *run) faults(code string) []cell.Error {
	r.engine.build.Lock()
	defer r.engine.build.Unlock()
	plan, faults := r.engine.live.Check(code)
	if plan != nil {
		plan.Rollback()
	}
	return faults
}
