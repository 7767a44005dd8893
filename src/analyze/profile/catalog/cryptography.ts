import type { Family } from "./family.ts";

export const CRYPTOGRAPHY: Family = {
  id: "crypto",
  title: "hashes and cryptography",
  frames: ["crypto/*", "hash/*"],
  meaning: "More bytes are hashed, signed or encrypted, or by a dearer method.",
  dimension: "bytes an operation",
  helps: "Hash once and keep the result, and reuse the hash's state.",
  source: "crypto/sha256/sha256.go",
};
