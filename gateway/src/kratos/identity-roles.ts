import type { JsonPatch, Identity as OryIdentity } from "@ory/client";
import { z } from "zod";
import type { Config } from "../config.ts";
import type { KratosClient } from "./kratos-client.ts";
import { parseKratosIdentity } from "./kratos-shapes.ts";
import { ask } from "./ory-call.ts";
import { apis } from "./ory-kratos-client.ts";

const PAGE_SIZE = 250;

/** Everything beside the roles is other programs' and stays. */
const metadataShape = z.looseObject({ roles: z.array(z.string()).optional() }).nullish();

/** Somebody's metadata has a form that cannot be changed without losing something. */
export class MetadataError extends Error {
  override readonly name = "MetadataError";
}

/** The roles in the identities' metadata_public, which operators alone can write. Throws OutageError, MetadataError. */
export type IdentityRoles = {
  /** Whether it changed anything; null when nobody has this e-mail. */
  readonly grant: (email: string, role: string) => Promise<boolean | null>;
  readonly revoke: (email: string, role: string) => Promise<boolean | null>;
  /** The e-mails of all who have the role. */
  readonly holdersOf: (role: string) => Promise<readonly string[]>;
};

export type IdentityRolesDeps = {
  readonly config: Config["kratos"];
  readonly kratos: Pick<KratosClient, "findIdentityByEmail">;
  readonly pageSize?: number;
};

/** The change that sets the roles and touches nothing else (RFC 6902). */
function patchOf(metadata: unknown, change: (roles: readonly string[]) => readonly string[]): JsonPatch[] {
  const parsed = metadataShape.safeParse(metadata);
  if (!parsed.success) throw new MetadataError("metadata_public has no object with a list of roles");
  const known = parsed.data?.roles ?? [];
  const roles = change(known);
  if (roles.length === known.length) return [];
  if (!parsed.data) return [{ op: "add", path: "/metadata_public", value: { roles } }];
  return [{ op: "add", path: "/metadata_public/roles", value: roles }];
}

/** The token of the page after an answer's (RFC 8288), if there is one. */
function nextPage(link: unknown): string | null {
  const target = /<([^>]+)>;\s*rel="next"/.exec(String(link))?.[1];
  return target === undefined ? null : new URL(target, "http://kratos").searchParams.get("page_token");
}

type IdentityPage = { readonly identities: readonly OryIdentity[]; readonly next: string | null };

/** The roles over Kratos' admin API. */
export function createIdentityRoles({ config, kratos, pageSize = PAGE_SIZE }: IdentityRolesDeps): IdentityRoles {
  const { identities } = apis(config);

  const change = async (email: string, changed: (roles: readonly string[]) => readonly string[]) => {
    const found = await kratos.findIdentityByEmail(email);
    const id = found?.identity.id;
    const answer = id === undefined ? null : await ask(() => identities.getIdentity({ id }), [404]);
    if (id === undefined || !answer) return null;
    const jsonPatch = patchOf(answer.data.metadata_public, changed);
    if (jsonPatch.length === 0) return false;
    const patched = await ask(() => identities.patchIdentity({ id, jsonPatch }), [404]);
    return patched ? true : null;
  };

  const page = (pageToken: string | null): Promise<IdentityPage | null> =>
    ask(async () => {
      const answer = await identities.listIdentities({ pageSize, ...(pageToken !== null && { pageToken }) });
      return { identities: answer.data, next: nextPage(answer.headers.link) };
    });

  return {
    grant: (email, role) => change(email, (roles) => (roles.includes(role) ? roles : [...roles, role])),
    revoke: (email, role) => change(email, (roles) => roles.filter((name) => name !== role)),
    holdersOf: async (role) => {
      const holders: string[] = [];
      for (let found = await page(null); found; found = found.next === null ? null : await page(found.next)) {
        for (const { identity } of found.identities.map(parseKratosIdentity)) {
          if (identity.roles.includes(role)) holders.push(identity.email);
        }
      }
      return holders;
    },
  };
}
