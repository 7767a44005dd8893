import type { Family } from "./family.ts";

export const CHANNEL: Family = {
  id: "channel",
  title: "channels and select",
  frames: [
    "runtime.chansend*",
    "runtime.chanrecv*",
    "runtime.selectgo",
    "runtime.selectnb*",
    "runtime.closechan",
  ],
  meaning: "More values go through channels, one at a time.",
  dimension: "sends an operation",
  helps: "Send batches, use a buffer, or a lock where no goroutine has to wait.",
  source: "runtime/chan.go, runtime/select.go",
};
