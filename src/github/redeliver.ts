// Deliveries that never reached us, asked for again. GitHub sends each webhook once; what came
// while the server was down or answered 500 is only in the App's list of deliveries.
//
// A redelivery keeps its GUID, so one that did arrive after all is recognized by the store, and
// attempts are counted by GUID here: a delivery with any good attempt is left alone.
import type { Rest } from "./octokit.ts";

/** GitHub keeps deliveries for three days and lists 100 a page; older trouble needs a person. */
const PAGE_LIMIT = 20;

/** Asks for every delivery since `sinceMs` (epoch) that no attempt brought in; how many. */
export async function redeliverFailed(octokit: Rest, sinceMs: number): Promise<number> {
  const arrived = new Set<string>();
  const lost = new Map<string, number>();
  let pages = 0;
  const listed = octokit.paginate.iterator(octokit.rest.apps.listWebhookDeliveries, {
    per_page: 100,
  });
  for await (const { data } of listed) {
    const recent = data.filter(({ delivered_at: at }) => Date.parse(at) >= sinceMs);
    for (const { guid, id, status_code: status } of recent) {
      if (status >= 200 && status < 300) arrived.add(guid);
      else if (!lost.has(guid)) lost.set(guid, id);
    }
    if (recent.length < data.length || ++pages >= PAGE_LIMIT) break;
  }
  const wanted = [...lost].filter(([guid]) => !arrived.has(guid));
  // Oldest first, as they would have come.
  for (const [, id] of wanted.reverse()) {
    await octokit.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
  }
  return wanted.length;
}
