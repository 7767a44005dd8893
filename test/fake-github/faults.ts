// Faults a test can inject: the next requests to an operation fail instead of being answered.

export type Fault = {
  /** As in GitHub's description: "checks/update". */
  readonly operation: string;
  /** "after": the request has its effect and only the answer is lost. */
  readonly when: "before" | "after";
  readonly answer:
    | "hang"
    | "drop"
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
  /** How many requests fail; counted down. */
  times: number;
};

/** The fault that meets this request, if any. */
export function takeFault(faults: readonly Fault[], operation: string): Fault | undefined {
  const fault = faults.find((each) => each.operation === operation && each.times > 0);
  if (fault !== undefined) fault.times--;
  return fault;
}
