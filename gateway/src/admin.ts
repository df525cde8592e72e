import { type Config, ConfigError, loadConfig } from "./config.ts";
import { OutageError } from "./errors.ts";
import { createIdentityRoles, type IdentityRoles, MetadataError } from "./kratos/identity-roles.ts";
import { createOryKratosClient } from "./kratos/ory-kratos-client.ts";
import { ADMIN_ROLE } from "./policy/admin-role.ts";

/** What an operator reads: what is wrong, and what to do. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

const USAGE = "Use ./manage.sh admin grant EMAIL, admin revoke EMAIL or admin list";

function known(changed: boolean | null, email: string): boolean {
  if (changed === null)
    throw new Refusal(`Nobody signs in as ${email}.\n→ Sign up at /register first, then try again.`);
  return changed;
}

async function run(roles: IdentityRoles, [verb, email, surplus]: readonly string[]): Promise<string> {
  if (verb === "list" && email === undefined) {
    const holders = await roles.holdersOf(ADMIN_ROLE);
    return holders.length > 0
      ? holders.join("\n")
      : "There is no administrator. Make one: ./manage.sh admin grant EMAIL";
  }
  if ((verb !== "grant" && verb !== "revoke") || !email?.includes("@") || surplus !== undefined) {
    throw new Refusal(`Who is to be an administrator, or not any more?\n→ ${USAGE}`);
  }
  const changed = known(await roles[verb](email, ADMIN_ROLE), email);
  if (verb === "revoke") return `${email} is no administrator${changed ? " any more" : ""}.`;
  return changed
    ? `${email} is an administrator now, when signed in with a passkey.`
    : `${email} is an administrator already.`;
}

function explain(error: unknown, config: Config | null): string {
  if (error instanceof Refusal || error instanceof ConfigError) return error.message;
  if (error instanceof MetadataError) return `${error.message}.\n→ Correct it by Kratos' admin API, then try again.`;
  if (error instanceof OutageError)
    return `Kratos cannot be asked at ${config?.kratos.adminUrl.origin}.\n→ Start it: ./manage.sh start`;
  return `The roles could not be changed: ${String(error)}`;
}

/** Who may administer, for operators: `admin grant EMAIL`, `admin revoke EMAIL`, `admin list`. */
async function main(words: readonly string[]): Promise<void> {
  let config: Config | null = null;
  try {
    config = loadConfig();
    const roles = createIdentityRoles({ config: config.kratos, kratos: createOryKratosClient(config.kratos) });
    process.stdout.write(`${await run(roles, words)}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error, config)}\n`);
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
