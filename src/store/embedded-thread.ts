// The thread that owns the embedded PostgreSQL (PGlite, PostgreSQL compiled to WebAssembly).
//
// PGlite computes on the thread that calls it: a query of 1.7 s in the main thread stopped every
// request for 1.7 s. Here it stops only other queries. Statements arrive one at a time, because
// the main thread's lock (embedded.ts) is what keeps transactions apart.
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, types } from "@electric-sql/pglite";
import type { EmbeddedReply, EmbeddedRequest } from "./embedded-protocol.ts";
import { safeInteger } from "./safe-integer.ts";

const port = parentPort;
assert(port !== null, "embedded-thread.ts is started by embedded.ts, as a worker thread");

// 16 MB of shared buffers instead of 128 lowers resident memory from 307 to 172 MB; the database
// is a few megabytes.
const database = new PGlite(String(workerData.directory), {
  startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB"],
});

port.on("message", (request: EmbeddedRequest) => {
  answer(request).then(
    (reply) => port.postMessage(reply),
    (error: unknown) => port.postMessage(failure(request.id, error)),
  );
});

async function answer(request: EmbeddedRequest): Promise<EmbeddedReply> {
  const { id } = request;
  switch (request.kind) {
    case "query": {
      const parsers = request.int8 === "numbers" ? { [types.INT8]: safeInteger } : {};
      const options = { rowMode: "object" as const, parsers };
      const result = await database.query(request.sql, [...request.parameters], options);
      const rows = result.rows as Record<string, unknown>[];
      return { id, kind: "rows", rows, affectedRows: result.affectedRows ?? 0 };
    }
    case "exec": {
      const results = await database.exec(request.sql);
      // A RETURNING in the middle must not be lost behind a trailing COMMIT's empty result.
      const rows = results.flatMap((result) => result.rows) as Record<string, unknown>[];
      return { id, kind: "rows", rows, affectedRows: results.at(-1)?.affectedRows ?? 0 };
    }
    case "dump": {
      const file = await database.dumpDataDir("gzip");
      return { id, kind: "dumped", bytes: new Uint8Array(await file.arrayBuffer()) };
    }
    case "close":
      await database.close();
      return { id, kind: "closed" };
  }
}

function failure(id: number, error: unknown): EmbeddedReply {
  const message = error instanceof Error ? error.message : String(error);
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(error instanceof Error ? error : {}))
    if (typeof value === "string") fields[name] = value;
  return { id, kind: "failed", message, fields };
}
