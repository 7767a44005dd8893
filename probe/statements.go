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

// block writes a block that may be absent, as the body of a function in assembly is.
func (h *hasher) block(block *ast.BlockStmt) {
	if block == nil {
		h.none()
		return
	}
	h.open(tagBlock, block)
	h.statements(block.List)
	h.close()
}

func (h *hasher) statement(s ast.Stmt) {
	switch s := s.(type) {
	case nil:
		h.none()
	case *ast.BlockStmt:
		h.block(s)
	case *ast.DeclStmt:
		h.localDeclaration(s)
	case *ast.EmptyStmt:
		h.open(tagEmpty, s)
		h.close()
	case *ast.LabeledStmt:
		h.open(tagLabeled, s)
		h.identifier(s.Label)
		h.statement(s.Stmt)
		h.close()
	case *ast.BranchStmt:
		h.open(tagBranch, s)
		h.token(s.Tok)
		if s.Label == nil {
			h.none()
		} else {
			h.identifier(s.Label)
		}
		h.close()
	case *ast.ExprStmt, *ast.SendStmt, *ast.IncDecStmt, *ast.AssignStmt, *ast.GoStmt, *ast.DeferStmt, *ast.ReturnStmt:
		h.simple(s)
	default:
		h.control(s)
	}
}

// simple writes the statements that hold expressions and no other statements.
func (h *hasher) simple(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		h.open(tagExpression, s)
		h.expression(s.X)
	case *ast.SendStmt:
		h.open(tagSend, s)
		h.each(s.Chan, s.Value)
	case *ast.IncDecStmt:
		h.open(tagIncDec, s)
		h.token(s.Tok)
		h.expression(s.X)
	case *ast.AssignStmt:
		h.open(tagAssign, s)
		h.token(s.Tok)
		h.expressions(s.Lhs)
		h.expressions(s.Rhs)
	case *ast.GoStmt:
		h.open(tagGo, s)
		h.expression(s.Call)
	case *ast.DeferStmt:
		h.open(tagDefer, s)
		h.expression(s.Call)
	case *ast.ReturnStmt:
		h.open(tagReturn, s)
		h.expressions(s.Results)
	}
	h.close()
}

func (h *hasher) control(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.IfStmt:
		h.open(tagIf, s)
		h.statement(s.Init)
		h.expression(s.Cond)
		h.block(s.Body)
		h.statement(s.Else)
	case *ast.CaseClause:
		h.open(tagCase, s)
		h.mark("default", s.List == nil)
		h.expressions(s.List)
		h.statements(s.Body)
	case *ast.SwitchStmt:
		h.open(tagSwitch, s)
		h.statement(s.Init)
		h.expression(s.Tag)
		h.block(s.Body)
	case *ast.TypeSwitchStmt:
		h.open(tagTypeSwitch, s)
		h.statement(s.Init)
		h.statement(s.Assign)
		h.block(s.Body)
	case *ast.CommClause:
		h.open(tagComm, s)
		h.statement(s.Comm)
		h.statements(s.Body)
	case *ast.SelectStmt:
		h.open(tagSelect, s)
		h.block(s.Body)
	case *ast.ForStmt:
		h.open(tagFor, s)
		h.statement(s.Init)
		h.expression(s.Cond)
		h.statement(s.Post)
		h.block(s.Body)
	case *ast.RangeStmt:
		h.open(tagRange, s)
		h.token(s.Tok)
		h.each(s.Key, s.Value, s.X)
		h.block(s.Body)
	default:
		h.sourceOf(s)
		return
	}
	h.close()
}

// localDeclaration writes var, const and type declarations inside a function, group by group:
// constants of one group share iota and repeat each other's values.
func (h *hasher) localDeclaration(s *ast.DeclStmt) {
	group, ok := s.Decl.(*ast.GenDecl)
	if !ok {
		h.sourceOf(s)
		return
	}
	h.open(tagDeclaration, s)
	h.token(group.Tok)
	h.count(len(group.Specs))
	for _, spec := range group.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			h.open(tagValueSpec, spec)
			h.count(len(spec.Names))
			for _, name := range spec.Names {
				h.identifier(name)
			}
			h.expression(spec.Type)
			h.expressions(spec.Values)
			h.close()
		case *ast.TypeSpec:
			h.open(tagTypeSpec, spec)
			h.identifier(spec.Name)
			h.typeSpec(spec)
			h.close()
		default:
			h.sourceOf(spec)
		}
	}
	h.close()
}
