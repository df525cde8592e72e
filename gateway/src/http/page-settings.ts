import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Config } from "../config.ts";
import { ConfigError } from "../config.ts";
import { otherHosts } from "../policy/other-hosts.ts";
import type { CurrentRules } from "../routes/route-decision.ts";

const pagesFile = z.strictObject({
  /** The name people see at the top of every page. */
  brand_name: z.string().min(1).max(64).optional(),
  /** Replacements of single texts, by their key. */
  texts: z.record(z.string(), z.string()).optional(),
  /** The steps after sign-up, in order. */
  signup_steps: z.array(z.enum(["passkey", "verify"])).optional(),
});

export type PageSettings = {
  readonly rp_name: string;
  readonly brand_name: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly signup_steps: readonly ("passkey" | "verify")[];
  /** Whether the sign-in page offers a code by e-mail. */
  readonly code_sign_in: boolean;
  /** Hosts besides PUBLIC_URL's that people may be sent back to, as the route rules name them. */
  readonly return_hosts: readonly string[];
};

async function readPagesFile(path: string): Promise<z.infer<typeof pagesFile>> {
  try {
    return pagesFile.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ConfigError([`PAGES_CONFIG_FILE: ${path} is not valid: ${why}`]);
  }
}

/**
 * What GET /.passbridge/config.json answers: names, texts and steps of the pages, from PAGES_CONFIG_FILE, and the hosts
 * of the rules in force.
 * @throws ConfigError when the file cannot be read or has another shape.
 */
export async function createPageSettings(config: Config, rules: CurrentRules): Promise<() => PageSettings> {
  const file = config.pagesConfigFile ? await readPagesFile(config.pagesConfigFile) : {};
  const fixed = {
    rp_name: config.passkeys.rpName,
    brand_name: file.brand_name ?? config.passkeys.rpName,
    texts: file.texts ?? {},
    signup_steps: file.signup_steps ?? ["passkey", "verify"],
    code_sign_in: config.codeSignIn,
  };
  return () => ({ ...fixed, return_hosts: otherHosts(rules(), config.publicUrl) });
}
