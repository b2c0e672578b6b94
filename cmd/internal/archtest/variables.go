package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
)

// Mutable returns what changes a variable of a package, or invites to: what is
// declared there is a table that is read. The files may be of many packages.
func Mutable(files []File) []string {
	declared := map[string]map[string]bool{} // names of variables, by folder
	for _, f := range files {
		if f.Test {
			continue
		}
		dir := path.Dir(f.Path)
		if declared[dir] == nil {
			declared[dir] = map[string]bool{}
		}
		for _, spec := range variables(f) {
			for _, name := range spec.Names {
				declared[dir][name.Name] = name.Name != "_"
			}
		}
	}
	var broken []string
	for _, f := range files {
		if !f.Test {
			broken = append(broken, mutations(f, declared[path.Dir(f.Path)])...)
		}
	}
	return broken
}

// variables are those that the file declares for its package.
func variables(f File) (all []*ast.ValueSpec) {
	for _, one := range f.AST.Decls {
		if general, ok := one.(*ast.GenDecl); ok && general.Tok == token.VAR {
			for _, spec := range general.Specs {
				all = append(all, spec.(*ast.ValueSpec))
			}
		}
	}
	return all
}

func mutations(f File, declared map[string]bool) (broken []string) {
	own := variables(f)
	// ofPackage says whether the name means the package's variable, not a local one.
	ofPackage := func(name *ast.Ident) bool {
		if name.Obj == nil { // of another file, or of no variable at all
			return declared[name.Name]
		}
		spec, ok := name.Obj.Decl.(*ast.ValueSpec)
		return ok && slices.Contains(own, spec)
	}
	say := func(node ast.Node, name, does string) {
		broken = append(broken, fmt.Sprintf("%s:%d: %s %s: a package has no variable that changes",
			f.Path, f.Set.Position(node.Pos()).Line, name, does))
	}
	changes := func(target ast.Expr, does string) {
		if name := root(target); name != nil && ofPackage(name) {
			say(target, name.Name, does)
		}
	}
	for _, spec := range own {
		if changeable(spec) {
			say(spec, spec.Names[0].Name, "is made to be changed")
		}
	}
	ast.Inspect(f.AST, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.AssignStmt:
			for _, target := range n.Lhs {
				if n.Tok != token.DEFINE {
					changes(target, "is assigned")
				}
			}
		case *ast.IncDecStmt:
			changes(n.X, "is assigned")
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				changes(n.Key, "is assigned")
				changes(n.Value, "is assigned")
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				changes(n.X, "is given away by its address")
			}
		case *ast.CallExpr:
			if builtin, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear", "copy"}, builtin.Name) && len(n.Args) > 0 {
				changes(n.Args[0], "is given to "+builtin.Name)
			}
		}
		return true
	})
	return broken
}

// root is the variable that an expression is a part of; nil for none.
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.ParenExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.SliceExpr:
		return root(e.X)
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	}
	return nil
}

// changeable says whether a variable is of a type that exists to be changed: one
// of sync or sync/atomic. What sync.OnceValue gives is a function.
func changeable(spec *ast.ValueSpec) bool {
	kinds := []ast.Expr{spec.Type}
	for _, value := range spec.Values {
		if literal, ok := value.(*ast.CompositeLit); ok {
			kinds = append(kinds, literal.Type)
		}
	}
	return slices.ContainsFunc(kinds, func(kind ast.Expr) bool {
		if generic, ok := kind.(*ast.IndexExpr); ok {
			kind = generic.X
		}
		of, ok := kind.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		home, ok := of.X.(*ast.Ident)
		return ok && (home.Name == "sync" || home.Name == "atomic")
	})
}
