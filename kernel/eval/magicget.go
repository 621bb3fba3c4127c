package eval

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/module"
)

var getMagics = []magic{
	{cell.Command{Name: "get", Usage: "%get MODULE[@VERSION] ...",
		Help: cell.Text{En: "fetch a Go module, whose packages can then be imported", Zh: "获取 Go 模块，之后即可导入其中的包"},
		More: cell.Text{
			En: "%get github.com/google/uuid@v1.6.0\nimport \"github.com/google/uuid\"\nIts source is interpreted: no cgo, no assembly. What is in the module cache needs no network;\nto fetch there must be a Go toolchain.",
			Zh: "%get github.com/google/uuid@v1.6.0\nimport \"github.com/google/uuid\"\n其源代码由解释器运行：不支持 cgo 和汇编。模块缓存中已有的不需要网络；获取新模块需要 Go 工具链。"}}, magicGet},
}

// mostPackages is how many packages of a module are listed.
const mostPackages = 8

func magicGet(r *run, m cell.Magic) error {
	words := arguments(m.Args)
	if len(words) == 0 {
		return fmt.Errorf("%s", r.say("say which module: %get github.com/google/uuid@v1.6.0", "请写出模块：%get github.com/google/uuid@v1.6.0"))
	}
	for _, spec := range words {
		got, err := r.engine.modules.Get(r.ctx, spec)
		if errors.Is(err, module.ErrNoToolchain) {
			return fmt.Errorf(r.say("%s is not on this machine, and there is no Go toolchain to fetch it with: install Go from go.dev, or put the module into GOPATH",
				"本机没有 %s，也没有可用来获取它的 Go 工具链：请从 go.dev 安装 Go，或把模块放进 GOPATH"), spec)
		}
		if err != nil {
			return err
		}
		r.print(strings.TrimSpace(got.Path+" "+got.Version) + "\n")
		list := got.Packages()
		for _, p := range list[:min(len(list), mostPackages)] {
			r.print(fmt.Sprintf("    import %q\n", p))
		}
		if n := len(list) - mostPackages; n > 0 {
			r.print(fmt.Sprintf(r.say("    and %d more packages\n", "    还有 %d 个包\n"), n))
		}
	}
	return nil
}
