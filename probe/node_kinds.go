package main

// The kinds of nodes. The tag begins a node in the hash, its name is the node's kind in a tree.

// nodeTag begins every node. The numbers mean nothing beyond one build of the probe.
type nodeTag byte

const (
	tagNone nodeTag = iota
	tagSource
	tagLocal
	tagLocalType
	tagFree
	tagOwn
	tagQualifier
	tagAmbiguousKey
	tagBlank
	tagBasicLit
	tagCompositeLit
	tagKeyValue
	tagFuncLit
	tagSelector
	tagIndex
	tagSlice
	tagTypeAssert
	tagCall
	tagStar
	tagUnary
	tagBinary
	tagEllipsis
	tagArrayType
	tagStructType
	tagFuncType
	tagInterfaceType
	tagMapType
	tagChanType
	tagFields
	tagReceiver
	tagTypeParameters
	tagParameters
	tagResults
	tagField
	tagDirective
	tagRoot
	tagBlock
	tagDeclaration
	tagValueSpec
	tagTypeSpec
	tagEmpty
	tagLabeled
	tagExpression
	tagSend
	tagIncDec
	tagAssign
	tagGo
	tagDefer
	tagReturn
	tagBranch
	tagIf
	tagCase
	tagSwitch
	tagTypeSwitch
	tagComm
	tagSelect
	tagFor
	tagRange
	tagCount
)

// kindNames are the kinds as src/goast/tree.ts reads them.
var kindNames = [tagCount]string{
	tagNone:           "None",
	tagSource:         "Source",
	tagLocal:          "Local",
	tagLocalType:      "LocalType",
	tagFree:           "Name",
	tagOwn:            "Own",
	tagQualifier:      "Qualifier",
	tagAmbiguousKey:   "AmbiguousKey",
	tagBlank:          "Blank",
	tagBasicLit:       "BasicLit",
	tagCompositeLit:   "CompositeLit",
	tagKeyValue:       "KeyValue",
	tagFuncLit:        "FuncLit",
	tagSelector:       "Selector",
	tagIndex:          "Index",
	tagSlice:          "Slice",
	tagTypeAssert:     "TypeAssert",
	tagCall:           "Call",
	tagStar:           "Star",
	tagUnary:          "Unary",
	tagBinary:         "Binary",
	tagEllipsis:       "Ellipsis",
	tagArrayType:      "ArrayType",
	tagStructType:     "StructType",
	tagFuncType:       "FuncType",
	tagInterfaceType:  "InterfaceType",
	tagMapType:        "MapType",
	tagChanType:       "ChanType",
	tagFields:         "Fields",
	tagReceiver:       "Receiver",
	tagTypeParameters: "TypeParameters",
	tagParameters:     "Parameters",
	tagResults:        "Results",
	tagField:          "Field",
	tagDirective:      "Directive",
	tagRoot:           "Root",
	tagBlock:          "Block",
	tagDeclaration:    "Declaration",
	tagValueSpec:      "ValueSpec",
	tagTypeSpec:       "TypeSpec",
	tagEmpty:          "Empty",
	tagLabeled:        "Labeled",
	tagExpression:     "Expression",
	tagSend:           "Send",
	tagIncDec:         "IncDec",
	tagAssign:         "Assign",
	tagGo:             "Go",
	tagDefer:          "Defer",
	tagReturn:         "Return",
	tagBranch:         "Branch",
	tagIf:             "If",
	tagCase:           "Case",
	tagSwitch:         "Switch",
	tagTypeSwitch:     "TypeSwitch",
	tagComm:           "Comm",
	tagSelect:         "Select",
	tagFor:            "For",
	tagRange:          "Range",
}
