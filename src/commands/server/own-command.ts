// How this program starts itself again: the same Node, the same code, nothing inherited by chance.
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Where tools, homes, proxies and certificates are, and Go's own settings, each by its name. */
const PASSED_ON =
  /^(PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|CGO_[A-Z]+|CC|CXX|https?_proxy|no_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|GIT_SSL_CAINFO|GO(111MODULE|CACHE|DEBUG|ENV|EXPERIMENT|FLAGS|INSECURE|MODCACHE|NOPROXY|NOSUMDB|PATH|PRIVATE|PROXY|ROOT|SUMDB|TMPDIR|TOOLCHAIN|VCS))$/i;

/** The variables of `environment` that may be passed on, and `more`. */
export function scrubbedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (PASSED_ON.test(name) && value !== undefined) kept[name] = value;
  return { ...kept, ...more };
}

/** Arguments for node that run `tailguard ...args`; from the sources, by way of tsx. */
export function ownArguments(args: readonly string[]): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const main = fileURLToPath(new URL(`../../main.${isSource ? "ts" : "js"}`, import.meta.url));
  if (!isSource) return [main, ...args];
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href, main, ...args];
}
