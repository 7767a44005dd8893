// Repositories that Tailguard lost: uninstalled, suspended, taken out of the installation or
// deleted. Their runs are ended, so that no runner works for an answer nobody can be given.
import { z } from "zod";
import { ignore, read } from "./payload.ts";
import type { Trigger } from "./trigger.ts";

const installation = z.object({ id: z.number().int().positive() });
const fullName = z.object({ full_name: z.string().min(3).max(201) });

const installationPayload = z.object({ installation });
const removedPayload = z.object({
  installation,
  repositories_removed: z.array(fullName).max(10_000),
});

const ENDS_ALL = new Set(["deleted", "suspend"]);

/** `installation` and `installation_repositories` events. */
export function goneTrigger(payload: unknown, event: string, action: string): Trigger {
  if (event === "installation_repositories" && action === "removed") {
    return read(removedPayload, payload, (valid) => ({
      kind: "gone",
      installationId: valid.installation.id,
      repositories: valid.repositories_removed.map(({ full_name: name }) => name.toLowerCase()),
    }));
  }
  if (event !== "installation" || !ENDS_ALL.has(action)) {
    return ignore(`${event}.${action} asks nothing of Tailguard`);
  }
  return read(installationPayload, payload, (valid) => ({
    kind: "gone",
    installationId: valid.installation.id,
    repositories: "all",
  }));
}
