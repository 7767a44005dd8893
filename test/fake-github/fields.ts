// JSON of unknown shape, read field by field.
export type Fields = Readonly<Record<string, unknown>>;

/** The value's fields; none when it is not an object. */
export function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

export function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === "string" ? value : otherwise;
}
