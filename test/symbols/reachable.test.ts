import { expect, test } from "vitest";
import { pathTo, reach, symbolGraph } from "../../src/symbols/reachable.ts";
import { tableOf } from "./table-of.ts";

function checkReach(text: string, expected: string[], roots = ["p.f"]) {
  expect([...reach(symbolGraph(tableOf(text)), roots)].sort()).toEqual(expected.sort());
}

test("follows uses through code and data, in rings too", () => {
  checkReach("p.f 1 data.t\ndata.t 1 p.g\np.g 1 p.f os.Exit\np.h 1 p.f", [
    "p.f",
    "data.t",
    "p.g",
    "os.Exit",
  ]);
});

test("a type's methods count once it is an interface's", () => {
  const type = "type:p.T 1 methods: p.T.M\np.T.M 1";
  checkReach(`p.f 1 type:p.T\n${type}`, ["p.f", "type:p.T"]);
  checkReach(`p.f 1 type:p.T interfaces: type:p.T\n${type}`, ["p.f", "type:p.T", "p.T.M"]);
});

test("so do those of types that are part of it, also when that is learnt late", () => {
  const types = "type:p.T 1 type:p.U methods: p.T.M\ntype:p.U 1 methods: p.U.M\np.T.M 1\np.U.M 1";
  const all = ["p.f", "p.g", "type:p.T", "type:p.U", "p.T.M", "p.U.M"];
  checkReach(`p.f 1 type:p.T p.g\np.g 1 interfaces: type:p.T\n${types}`, all);
  checkReach(`p.f 1 type:p.U p.g\np.g 1 type:p.T interfaces: type:p.T\n${types}`, all);
});

test("a table of methods passes it on to its type", () => {
  const itab = "go:itab.p.T,p.I 1 type:p.I type:p.T p.T.M";
  const type = "type:p.T 1 methods: p.T.N\np.T.M 1\np.T.N 1\ntype:p.I 1";
  checkReach(`p.f 1 go:itab.p.T,p.I interfaces: go:itab.p.T,p.I\n${itab}\n${type}`, [
    "p.f",
    "go:itab.p.T,p.I",
    "type:p.I",
    "type:p.T",
    "p.T.M",
    "p.T.N",
  ]);
});

test("finds a shortest way, or none", () => {
  const graph = symbolGraph(
    tableOf("p.f 1 p.a p.b\np.a 1 p.c\np.b 1 p.t\np.c 1 p.t\np.t 1\np.u 1"),
  );
  expect(pathTo(graph, ["p.f"], new Set(["p.t"]))).toEqual(["p.f", "p.b", "p.t"]);
  expect(pathTo(graph, ["p.t"], new Set(["p.t"]))).toEqual(["p.t"]);
  expect(pathTo(graph, ["p.f"], new Set(["p.u"]))).toBeUndefined();
  expect(pathTo(graph, ["p.nothing"], new Set(["p.u"]))).toBeUndefined();
});

test("a chain of a hundred thousand functions is no problem", () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `p.f${at}`);
  const hash = "0".repeat(32);
  const symbols = names.map((_, name) => ({
    name,
    package: 0,
    kind: "text" as const,
    size: 1,
    frame: 0,
    hash,
    uses: name + 1 < names.length ? [name + 1] : [],
    methods: [],
    interfaces: [],
  }));
  const graph = symbolGraph({ ...tableOf(""), names, symbols });
  expect(pathTo(graph, ["p.f0"], new Set(["p.f99999"]))).toHaveLength(100_000);
});
