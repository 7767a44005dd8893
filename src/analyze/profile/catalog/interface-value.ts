import type { Family } from "./family.ts";

export const INTERFACE_VALUE: Family = {
  id: "interface",
  title: "values put into interfaces, and types looked up",
  frames: [
    "runtime.convT*",
    "runtime.assertE2I*",
    "runtime.typeAssert",
    "runtime.interfaceSwitch",
    "runtime.getitab",
    "runtime.efaceeq",
    "runtime.ifaceeq",
  ],
  meaning: "A value is boxed on the heap to fit an interface, or its type is looked up.",
  dimension: "allocs/op",
  helps: "Keep the concrete type on the hot path, pass a pointer, or use a type parameter.",
  source: "runtime/iface.go",
};
