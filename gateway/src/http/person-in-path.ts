import type { Request } from "express";
import { z } from "zod";
import { Problem } from "../errors.ts";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { Identity } from "../sessions/session.ts";

const MAX_EMAIL = 320;

const isId = (user: string) => z.uuid().safeParse(user).success;
/** Control characters and broken surrogates are in nobody's e-mail, and would only trouble Kratos' database. */
const isEmail = (user: string) => user.includes("@") && user.length <= MAX_EMAIL && !/[\p{Cc}\p{Cs}]/u.test(user);

/** The person {user} of the path names, by identity id or e-mail. Throws Problem not_found, OutageError. */
export async function personInPath(
  kratos: Pick<KratosClient, "findIdentity" | "findIdentityByEmail">,
  request: Request,
): Promise<Identity> {
  const user = String(request.params.user);
  const look = isId(user) ? kratos.findIdentity : isEmail(user) ? kratos.findIdentityByEmail : null;
  const found = await look?.(user);
  if (!found) throw new Problem("not_found");
  return found.identity;
}
