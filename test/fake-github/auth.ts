// Who is asking: the App by a signed JWT, or one of its installations by a token it was given.
// The rules are GitHub's: RS256, ten minutes at most, tokens for an hour, scoped to repositories
// and permissions, and a permission that was not granted in app.yml cannot be had.
import { createVerify, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { asFields } from "./fields.ts";

export type Level = "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

export type Token = {
  readonly value: string;
  readonly permissions: Permissions;
  /** Names of repositories; undefined means all of the installation. */
  readonly repositories?: readonly string[];
  readonly expiresAtMs: number;
};

const TOKEN_LIFE_MS = 60 * 60 * 1000;

/** What the App asks for in its manifest. */
export function readManifest(): { readonly permissions: Permissions; readonly events: string[] } {
  const manifest = parse(readFileSync(new URL("../../app.yml", import.meta.url), "utf8"));
  return { permissions: manifest.default_permissions, events: manifest.default_events };
}

/** Why GitHub would answer 401 to this JWT; undefined when it is good. */
export function jwtProblem(jwt: string, publicKey: string, appId: number): string | undefined {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const algorithm = decode(header).alg;
  if (algorithm !== "RS256") return `algorithm ${String(algorithm)}`;
  const verify = createVerify("RSA-SHA256").update(`${header}.${claims}`);
  if (!verify.verify(publicKey, signature, "base64url")) return "signature";
  const { iat, exp, iss } = decode(claims);
  const now = Date.now() / 1000;
  if (String(iss) !== String(appId)) return `issuer ${String(iss)}`;
  if (typeof iat !== "number" || iat > now + 60) return "issued in the future";
  if (typeof exp !== "number" || exp < now) return "expired";
  if (exp > now + 600) return "expires more than ten minutes from now";
  return undefined;
}

function decode(part: string) {
  try {
    return asFields(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  } catch {
    return {};
  }
}

/** A token, or the permission that was asked for and never granted. */
export function mintToken(
  granted: Permissions,
  asked: { readonly permissions?: Permissions; readonly repositories?: readonly string[] },
): Token | { readonly refused: string } {
  const permissions = asked.permissions ?? granted;
  for (const [name, level] of Object.entries(permissions)) {
    if (!allows(granted, name, level)) return { refused: `${name}: ${level}` };
  }
  return {
    // GitHub says to expect any length, so the length differs from token to token here.
    value: `ghs_${randomBytes(20 + (randomBytes(1)[0] ?? 0) / 8).toString("hex")}`,
    permissions,
    ...(asked.repositories === undefined ? {} : { repositories: asked.repositories }),
    expiresAtMs: Date.now() + TOKEN_LIFE_MS,
  };
}

/** Metadata may always be read; write includes read. */
export function allows(permissions: Permissions, name: string, level: Level): boolean {
  if (name === "metadata" && level === "read") return true;
  return permissions[name] === level || permissions[name] === "write";
}

/** What an operation needs of an installation token; undefined for those of the App itself. */
export const NEEDED: Readonly<Record<string, readonly [permission: string, level: Level]>> = {
  "checks/create": ["checks", "write"],
  "checks/update": ["checks", "write"],
  "checks/get": ["checks", "read"],
  "checks/list-annotations": ["checks", "read"],
  "checks/list-for-ref": ["checks", "read"],
  "issues/create-comment": ["pull_requests", "write"],
  "issues/update-comment": ["pull_requests", "write"],
  "issues/list-comments": ["pull_requests", "read"],
  "reactions/create-for-issue-comment": ["pull_requests", "write"],
  "pulls/create-review": ["pull_requests", "write"],
  "pulls/get": ["pull_requests", "read"],
  "pulls/list-files": ["pull_requests", "read"],
  "pulls/list-review-comments": ["pull_requests", "read"],
  "pulls/list-reviews": ["pull_requests", "read"],
  "repos/compare-commits-with-basehead": ["contents", "read"],
  "repos/get": ["metadata", "read"],
  "repos/get-branch": ["contents", "read"],
  "repos/get-branch-rules": ["metadata", "read"],
  "repos/get-commit": ["contents", "read"],
  "repos/get-content": ["contents", "read"],
  "repos/get-collaborator-permission-level": ["metadata", "read"],
};
