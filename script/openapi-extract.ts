// Makes test/fake-github/openapi.json: the part of GitHub's official REST description that covers
// the operations of the simulated GitHub, so that every request of ours is held against it.
//
//   npx tsx script/openapi-extract.ts
//
// The package with the whole description takes 394 MB, so it is installed into a temporary folder
// and only the extract is committed. Texts and examples are left out: they are most of its size
// and check nothing. OpenAPI's `nullable` becomes JSON Schema's own null on the way.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGE = "@octokit/openapi@23.0.2";

const OPERATIONS = new Set([
  "apps/create-installation-access-token",
  "apps/get-authenticated",
  "apps/get-installation",
  "apps/get-repo-installation",
  "apps/get-webhook-config-for-app",
  "apps/list-installations",
  "apps/list-webhook-deliveries",
  "apps/redeliver-webhook-delivery",
  "checks/create",
  "checks/get",
  "checks/list-annotations",
  "checks/list-for-ref",
  "checks/update",
  "issues/create-comment",
  "issues/list-comments",
  "issues/update-comment",
  "pulls/create-review",
  "pulls/get",
  "pulls/list-files",
  "pulls/list-review-comments",
  "pulls/list-reviews",
  "reactions/create-for-issue-comment",
  "repos/compare-commits-with-basehead",
  "repos/get",
  "repos/get-branch",
  "repos/get-branch-rules",
  "repos/get-collaborator-permission-level",
  "repos/get-commit",
  "repos/get-content",
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value,
  );
}

const DROPPED = new Set(["description", "example", "examples", "deprecated", "externalDocs"]);

/** The schema without texts, null spelled as JSON Schema does; property names are kept as they are. */
function plain(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(plain);
  if (!isObject(schema)) return schema;
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith("x-") || key === "nullable") continue;
    if (DROPPED.has(key)) continue;
    kept[key] = key === "properties" && isObject(value) ? mapValues(value, plain) : plain(value);
  }
  return schema.nullable === true ? orNull(kept) : kept;
}

function orNull(schema: JsonObject): JsonObject {
  if (typeof schema.type !== "string") return { anyOf: [schema, { type: "null" }] };
  const withNull = { ...schema, type: [schema.type, "null"] };
  return Array.isArray(schema.enum) ? { ...withNull, enum: [...schema.enum, null] } : withNull;
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function references(value: Json, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) references(item, found);
  else if (isObject(value)) {
    if (typeof value.$ref === "string") found.add(value.$ref);
    for (const item of Object.values(value)) references(item, found);
  }
  return found;
}

function resolve(description: JsonObject, value: Json): Json {
  const reference = at(value, "$ref");
  if (typeof reference !== "string") return value;
  return at(description, ...reference.replace("#/", "").split("/")) ?? null;
}

function extractOperation(description: JsonObject, method: string, path: string, op: JsonObject) {
  const parameters = Array.isArray(op.parameters) ? op.parameters : [];
  const responses = isObject(op.responses) ? Object.entries(op.responses) : [];
  const [status, success] = responses.find(([code]) => code.startsWith("2")) ?? ["", null];
  const json = ["content", "application/json", "schema"];
  return {
    method,
    path,
    parameters: parameters.map((parameter) => {
      const {
        name,
        in: place,
        required = false,
        schema = {},
      } = resolve(description, parameter) as JsonObject;
      return { name: name ?? null, in: place ?? null, required, schema: plain(schema) };
    }),
    bodyRequired: at(op.requestBody, "required") === true,
    body: plain(at(op.requestBody, ...json) ?? null),
    status: Number(status),
    response: plain(at(resolve(description, success), ...json) ?? null),
  };
}

function extract(description: JsonObject): Json {
  const operations: JsonObject = {};
  for (const [path, methods] of Object.entries(description.paths as JsonObject)) {
    for (const [method, operation] of Object.entries(methods as JsonObject)) {
      const id = at(operation, "operationId");
      if (typeof id !== "string" || !OPERATIONS.has(id)) continue;
      operations[id] = extractOperation(
        description,
        method.toUpperCase(),
        path,
        operation as JsonObject,
      ) as Json as JsonObject;
    }
  }
  const missing = [...OPERATIONS].filter((id) => operations[id] === undefined);
  if (missing.length > 0) throw new Error(`not in the description: ${missing.join(", ")}`);
  return { source: PACKAGE, operations, components: { schemas: closure(description, operations) } };
}

/** Every schema that the operations refer to, directly or through another. */
function closure(description: JsonObject, operations: JsonObject): JsonObject {
  const schemas: JsonObject = {};
  const open = [...references(operations)];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const name = reference.replace("#/components/schemas/", "");
    if (schemas[name] !== undefined) continue;
    const schema = plain(at(description, "components", "schemas", name) ?? null);
    schemas[name] = schema;
    open.push(...references(schema));
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const folder = mkdtempSync(join(tmpdir(), "tailguard-openapi-"));
try {
  execFileSync("npm", ["install", "--ignore-scripts", "--no-save", "--prefix", folder, PACKAGE]);
  const generated = "node_modules/@octokit/openapi/generated/api.github.com.json";
  const description = JSON.parse(readFileSync(join(folder, generated), "utf8")) as JsonObject;
  const target = new URL("../test/fake-github/openapi.json", import.meta.url);
  writeFileSync(target, `${JSON.stringify(extract(description))}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
