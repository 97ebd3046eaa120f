// The Go linter of npm run check. It is one small program, because it is compiled on each machine: a linter of many
// linters takes three minutes for that.
package main

import (
	"go/parser"
	"os"

	"github.com/gordonklaus/ineffassign/pkg/ineffassign"
	"github.com/kisielk/errcheck/errcheck"
	"github.com/nishanths/exhaustive"
	"golang.org/x/tools/go/analysis"
	"honnef.co/go/tools/lintcmd"
	"honnef.co/go/tools/quickfix"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"
	"honnef.co/go/tools/unused"
)

// Not ours, and open: nobody lists every error of the kernel, or every type of a JSON value.
const openTypes = `^(syscall\.Errno|golang\.org/x/sys/unix\..*|github\.com/tidwall/gjson\.Type)$`

func main() {
	if err := exhaustive.Analyzer.Flags.Set("typeignore", openTypes); err != nil {
		panic(err)
	}
	command := lintcmd.NewCommand("golint")
	command.ParseFlags(os.Args[1:])
	// Errors that are dropped, switches over a type's constants that leave one out, values that nobody reads.
	command.AddBareAnalyzers(errcheck.Analyzer, exhaustive.Analyzer, unread())
	// Mistakes, what can be said more simply, and code that nobody uses.
	command.AddAnalyzers(staticcheck.Analyzers...)
	command.AddAnalyzers(simple.Analyzers...)
	command.AddAnalyzers(stylecheck.Analyzers...)
	command.AddAnalyzers(quickfix.Analyzers...)
	command.AddAnalyzers(unused.Analyzer)
	command.Run()
}

// unread is ineffassign, shown files in which each name is bound to what it stands for. It needs that, and lintcmd reads
// files without it.
func unread() *analysis.Analyzer {
	analyzer := *ineffassign.Analyzer
	analyzer.Run = func(pass *analysis.Pass) (any, error) {
		bound := *pass
		bound.Files = nil
		for _, file := range pass.Files {
			name := pass.Fset.File(file.FileStart).Name()
			again, err := parser.ParseFile(pass.Fset, name, nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			bound.Files = append(bound.Files, again)
		}
		return ineffassign.Analyzer.Run(&bound)
	}
	return &analyzer
}
