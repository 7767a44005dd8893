// GitHub's own description of its REST interface, as a judge of single requests and answers.
//
// openapi.json is an extract of the official description (script/openapi-extract.ts). Types,
// enums, lengths and required fields come from it through Ajv. It says nothing about fields it
// does not know, which GitHub ignores in silence, so a misspelt field would be lost in production
// and pass every test: here an unknown field is a problem. rules.ts has what else it lacks.
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { ruleProblems } from "./rules.ts";

type Schema = { readonly [key: string]: unknown };

type Parameter = {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: Schema;
};

export type Operation = {
  readonly id: string;
  readonly method: string;
  /** Template: "/repos/{owner}/{repo}/check-runs". */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
  readonly bodyRequired: boolean;
  /** Of the answer when all went well. */
  readonly status: number;
  readonly response: Schema | null;
};

type ApiRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export type Contract = {
  readonly operations: readonly Operation[];
  find(
    method: string,
    path: string,
  ): { readonly operation: Operation; readonly params: Record<string, string> } | undefined;
  /** Every way the request breaks the description or a rule; empty when it is fine. */
  requestProblems(operation: Operation, request: ApiRequest): string[];
  /** Every field of an answer of the simulation that is unknown to GitHub or of a wrong type. */
  responseProblems(operation: Operation, body: unknown): string[];
};

/** Reads and compiles the extract; takes a fraction of a second, so once per simulation. */
export function loadContract(): Contract {
  const file = new URL("openapi.json", import.meta.url);
  const description = JSON.parse(readFileSync(file, "utf8"));
  const operations: Operation[] = Object.entries<Omit<Operation, "id">>(description.operations).map(
    ([id, operation]) => ({ id, ...operation }),
  );
  const resolve = (schema: Schema): Schema =>
    typeof schema.$ref === "string"
      ? description.components.schemas[schema.$ref.replace("#/components/schemas/", "")]
      : schema;
  const compile = compiler(description.components);
  return {
    operations,
    find: (method, path) => find(operations, method, path),
    requestProblems: (operation, request) => [
      ...parameterProblems(operation, request, compile),
      ...bodyProblems(operation, request.body, compile),
      ...(operation.body ? unknownFields(request.body, [operation.body], resolve) : []),
      ...ruleProblems(operation.id, request.body),
    ],
    responseProblems: (operation, body) =>
      operation.response === null
        ? []
        : [
            ...schemaProblems(compile(operation.response, "answer"), body),
            ...unknownFields(body, [operation.response], resolve).filter(
              (problem) => !UNDESCRIBED.test(problem),
            ),
          ],
  };
}

/** The list of installations has a copy of the permissions of its own, which lacks this one. */
const UNDESCRIBED = /\/permissions\/merge_queues is unknown/;

type Compile = (schema: Schema, use: "request" | "answer" | "query") => ValidateFunction;

function compiler(components: Schema): Compile {
  const engines = {
    request: engine({ components }, {}),
    // Query and path values arrive as text.
    query: engine({ components }, { coerceTypes: true }),
    // The simulation answers with the fields that are read, not with all that GitHub sends.
    answer: engine({ components: withoutRequired(components) as Schema }, {}),
  };
  const known = new Map<Schema, ValidateFunction>();
  return (schema, use) => {
    const found = known.get(schema);
    if (found !== undefined) return found;
    const used = use === "answer" ? (withoutRequired(schema) as Schema) : schema;
    const compiled = engines[use].compile(pointedAtComponents(used) as Schema);
    known.set(schema, compiled);
    return compiled;
  };
}

function engine(document: Schema, options: { coerceTypes?: boolean }): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, ...options });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "github", ...document });
  return ajv;
}

function mapSchema(value: unknown, change: (object: Schema) => Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => mapSchema(item, change));
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.entries(value).map(([key, item]) => [key, mapSchema(item, change)]);
  return change(Object.fromEntries(inner));
}

/** `required` is dropped where it is the list of a schema, not where it is a field's name. */
function withoutRequired(schema: unknown): unknown {
  return mapSchema(schema, ({ required, ...rest }) =>
    required === undefined || Array.isArray(required) ? rest : { required, ...rest },
  );
}

function pointedAtComponents(schema: unknown): unknown {
  return mapSchema(schema, (object) =>
    typeof object.$ref === "string" ? { ...object, $ref: `github${object.$ref}` } : object,
  );
}

function find(operations: readonly Operation[], method: string, path: string) {
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
    const match = new RegExp(`^${operation.path.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(path);
    if (match === null) continue;
    const values = match.slice(1).map(decodeURIComponent);
    return {
      operation,
      params: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""])),
    };
  }
  return undefined;
}

function parameterProblems(operation: Operation, request: ApiRequest, compile: Compile): string[] {
  const problems: string[] = [];
  for (const { name, in: place, required, schema } of operation.parameters) {
    const value = place === "path" ? request.params[name] : request.query[name];
    if (value === undefined) {
      if (required) problems.push(`${place} parameter ${name} is missing`);
      continue;
    }
    const found = schemaProblems(
      compile({ type: "object", properties: { value: schema } }, "query"),
      { value },
    );
    problems.push(...found.map((problem) => `${place} parameter ${name}: ${problem}`));
  }
  const known = new Set(operation.parameters.map(({ name }) => name));
  for (const name of Object.keys(request.query)) {
    if (!known.has(name)) problems.push(`query parameter ${name} is unknown`);
  }
  return problems;
}

function bodyProblems(operation: Operation, body: unknown, compile: Compile): string[] {
  if (operation.body === null) return body === undefined ? [] : ["a body where none is known"];
  if (body === undefined) return operation.bodyRequired ? ["the body is missing"] : [];
  return schemaProblems(compile(operation.body, "request"), body);
}

function schemaProblems(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
  );
}

/** Paths of fields that none of the alternatives of the schema knows. */
function unknownFields(
  value: unknown,
  schemas: readonly Schema[],
  resolve: (schema: Schema) => Schema,
  path = "",
): string[] {
  const all = alternatives(schemas, resolve);
  if (Array.isArray(value)) {
    const items = all.flatMap(({ items }) => (items ? [items as Schema] : []));
    return value.flatMap((item, at) => unknownFields(item, items, resolve, `${path}/${at}`));
  }
  if (typeof value !== "object" || value === null) return [];
  const described = all.flatMap(({ properties }) => (properties ? [properties as Schema] : []));
  const isOpen = all.some(({ additionalProperties: more }) => typeof more === "object");
  if (described.length === 0 || isOpen) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = described.flatMap((properties) =>
      properties[key] ? [properties[key] as Schema] : [],
    );
    if (known.length === 0) return [`${path}/${key} is unknown to GitHub`];
    return unknownFields(inner, known, resolve, `${path}/${key}`);
  });
}

function alternatives(
  schemas: readonly Schema[],
  resolve: (schema: Schema) => Schema,
): readonly Schema[] {
  return schemas.flatMap((schema) => {
    const resolved = resolve(schema);
    const { allOf = [], anyOf = [], oneOf = [] } = resolved as Record<string, Schema[]>;
    return [resolved, ...alternatives([...allOf, ...anyOf, ...oneOf], resolve)];
  });
}
