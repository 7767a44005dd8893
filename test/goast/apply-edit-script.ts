// Carries an edit script out on the base tree, edit by edit, knowing nothing of how it was made.
// Of head it takes only the content of nodes that are inserted or updated, and new names of locals.
import type { Edit, EditScript } from "../../src/goast/edit-script.ts";
import type { Mapping } from "../../src/goast/mapping.ts";
import { kindOf, labelOf, type Tree } from "../../src/goast/tree.ts";

type Content = { readonly kind: string; readonly label: string; readonly binding: number };
type Node = { content: Content; children: Node[]; parent: Node | undefined };

/** The result as text, one node a line: what `treeText(mapping.head)` must be. */
export function appliedText(mapping: Mapping, script: EditScript): string {
  const ofBase = nodesOf(mapping.base);
  const ofHead: (Node | undefined)[] = [...mapping.toBase].map((base) => ofBase[base]);
  const names = localNames(mapping.head);
  for (const node of ofBase) {
    const local = script.locals.get(node.content.binding);
    if (local === undefined) continue;
    const label = node.content.kind === "Local" ? (names.get(local) ?? "") : node.content.label;
    node.content = { ...node.content, binding: local, label };
  }
  for (const edit of script.edits) applyEdit(edit, { ofBase, ofHead, head: mapping.head });
  const root = ofHead[0];
  return root === undefined ? "" : textOf(root);
}

/** A tree as text: kind, label and number of the local, indented. */
export function treeText(tree: Tree): string {
  const [root] = nodesOf(tree);
  return root === undefined ? "" : textOf(root);
}

function applyEdit(
  edit: Edit,
  at: {
    readonly ofBase: readonly Node[];
    readonly ofHead: (Node | undefined)[];
    readonly head: Tree;
  },
): void {
  switch (edit.kind) {
    case "insert": {
      const node = { content: contentOf(at.head, edit.head), children: [], parent: undefined };
      at.ofHead[edit.head] = node;
      place(node, at.ofHead[edit.parent], at.ofHead[edit.after]);
      break;
    }
    case "move": {
      const node = at.ofBase[edit.base];
      if (node === undefined) throw new Error(`no node ${edit.base}`);
      detach(node);
      place(node, at.ofHead[edit.parent], at.ofHead[edit.after]);
      break;
    }
    case "update": {
      const node = at.ofBase[edit.base];
      if (node === undefined) throw new Error(`no node ${edit.base}`);
      node.content = contentOf(at.head, edit.head);
      break;
    }
    case "delete": {
      const node = at.ofBase[edit.base];
      if (node === undefined || node.children.length > 0) throw new Error("deleted with children");
      detach(node);
    }
  }
}

function detach(node: Node): void {
  node.parent?.children.splice(node.parent.children.indexOf(node), 1);
  node.parent = undefined;
}

function place(node: Node, parent: Node | undefined, after: Node | undefined): void {
  if (parent === undefined) throw new Error("placed below a node that is not there yet");
  const index = after === undefined ? 0 : parent.children.indexOf(after) + 1;
  if (after !== undefined && index === 0) throw new Error("placed behind a node that is elsewhere");
  parent.children.splice(index, 0, node);
  node.parent = parent;
}

function nodesOf(tree: Tree): Node[] {
  const nodes: Node[] = [];
  for (let node = 0; node < tree.size; node++) {
    const parent = nodes[tree.parent[node] ?? -1];
    const made: Node = { content: contentOf(tree, node), children: [], parent };
    nodes.push(made);
    parent?.children.push(made);
  }
  return nodes;
}

function contentOf(tree: Tree, node: number): Content {
  return {
    kind: kindOf(tree, node),
    label: labelOf(tree, node),
    binding: tree.binding[node] ?? -1,
  };
}

function localNames(tree: Tree): Map<number, string> {
  const names = new Map<number, string>();
  for (let node = 0; node < tree.size; node++) {
    if (kindOf(tree, node) === "Local") names.set(tree.binding[node] ?? -1, labelOf(tree, node));
  }
  return names;
}

/** Without recursion: trees may be 50,000 nodes deep. */
function textOf(root: Node): string {
  const lines: string[] = [];
  const open = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    const { kind, label, binding } = node.content;
    lines.push(`${depth} ${kind} ${JSON.stringify(label)} ${binding}`);
    for (const child of [...node.children].reverse()) open.push({ node: child, depth: depth + 1 });
  }
  return lines.join("\n");
}
