package main

// How statements are written into the hash.

import "go/ast"

// statements writes a list without its empty statements, which gofmt removes.
func (h *hasher) statements(list []ast.Stmt) {
	n := 0
	for _, s := range list {
		if _, empty := s.(*ast.EmptyStmt); !empty {
			n++
		}
	}
	h.count(n)
	for _, s := range list {
		if _, empty := s.(*ast.EmptyStmt); !empty {
			h.statement(s)
		}
	}
}

// node writes a block that may be absent, as the body of a function in assembly is.
func (h *hasher) node(block *ast.BlockStmt) {
	if block == nil {
		h.tag(tagNone)
		return
	}
	h.tag(tagBlock)
	h.statements(block.List)
}

func (h *hasher) statement(s ast.Stmt) {
	switch s := s.(type) {
	case nil:
		h.tag(tagNone)
	case *ast.BlockStmt:
		h.node(s)
	case *ast.DeclStmt:
		h.localDeclaration(s)
	case *ast.EmptyStmt:
		h.tag(tagEmpty)
	case *ast.LabeledStmt:
		h.tag(tagLabeled)
		h.identifier(s.Label)
		h.statement(s.Stmt)
	case *ast.ExprStmt:
		h.tag(tagExpression)
		h.expression(s.X)
	case *ast.SendStmt:
		h.tag(tagSend)
		h.each(s.Chan, s.Value)
	case *ast.IncDecStmt:
		h.tag(tagIncDec)
		h.token(s.Tok)
		h.expression(s.X)
	case *ast.AssignStmt:
		h.tag(tagAssign)
		h.token(s.Tok)
		h.expressions(s.Lhs)
		h.expressions(s.Rhs)
	case *ast.GoStmt:
		h.tag(tagGo)
		h.expression(s.Call)
	case *ast.DeferStmt:
		h.tag(tagDefer)
		h.expression(s.Call)
	case *ast.ReturnStmt:
		h.tag(tagReturn)
		h.expressions(s.Results)
	case *ast.BranchStmt:
		h.tag(tagBranch)
		h.token(s.Tok)
		if s.Label == nil {
			h.tag(tagNone)
		} else {
			h.identifier(s.Label)
		}
	default:
		h.control(s)
	}
}

func (h *hasher) control(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.IfStmt:
		h.tag(tagIf)
		h.statement(s.Init)
		h.expression(s.Cond)
		h.node(s.Body)
		h.statement(s.Else)
	case *ast.CaseClause:
		h.tag(tagCase)
		h.flag(s.List == nil)
		h.expressions(s.List)
		h.statements(s.Body)
	case *ast.SwitchStmt:
		h.tag(tagSwitch)
		h.statement(s.Init)
		h.expression(s.Tag)
		h.node(s.Body)
	case *ast.TypeSwitchStmt:
		h.tag(tagTypeSwitch)
		h.statement(s.Init)
		h.statement(s.Assign)
		h.node(s.Body)
	case *ast.CommClause:
		h.tag(tagComm)
		h.statement(s.Comm)
		h.statements(s.Body)
	case *ast.SelectStmt:
		h.tag(tagSelect)
		h.node(s.Body)
	case *ast.ForStmt:
		h.tag(tagFor)
		h.statement(s.Init)
		h.expression(s.Cond)
		h.statement(s.Post)
		h.node(s.Body)
	case *ast.RangeStmt:
		h.tag(tagRange)
		h.token(s.Tok)
		h.each(s.Key, s.Value, s.X)
		h.node(s.Body)
	default:
		h.sourceOf(s)
	}
}

// localDeclaration writes var, const and type declarations inside a function, group by group:
// constants of one group share iota and repeat each other's values.
func (h *hasher) localDeclaration(s *ast.DeclStmt) {
	group, ok := s.Decl.(*ast.GenDecl)
	if !ok {
		h.sourceOf(s)
		return
	}
	h.tag(tagDeclaration)
	h.token(group.Tok)
	h.count(len(group.Specs))
	for _, spec := range group.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			h.count(len(spec.Names))
			for _, name := range spec.Names {
				h.identifier(name)
			}
			h.expression(spec.Type)
			h.expressions(spec.Values)
		case *ast.TypeSpec:
			h.identifier(spec.Name)
			h.typeSpec(spec)
		default:
			h.sourceOf(spec)
		}
	}
}
