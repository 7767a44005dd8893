import type { Family } from "./family.ts";

export const ENCODING: Family = {
  id: "encoding",
  title: "encoding and decoding",
  frames: ["encoding/*", "compress/*"],
  meaning: "More is encoded, decoded, packed or unpacked.",
  dimension: "bytes in and out",
  helps: "Encode once, reuse encoders, leave out what nobody reads.",
  source: "encoding/json/encode.go",
};
