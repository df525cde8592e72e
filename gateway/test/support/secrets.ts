/** Members of requests and answers whose texts are nobody else's business. */
const SECRET_MEMBER =
  /^(password|challenge|session_token|csrf_token|logout_token|signature|clientDataJSON|recovery_link|recovery_code|secret)$/;

/** What is left of a secret when a log writes it in another encoding: its longest plain runs. */
const RUN = /[A-Za-z0-9_-]+/g;
/** Shorter texts are found in logs by chance; mailed codes have six digits. */
const LEAST = 16;
const SHORT_CODE = /^(\d{6}|[0-9a-z]{5}-[0-9a-z]{5})$/i;

function decoded(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch {
    return secret;
  }
}

/** The runs of a secret by which it would be known again in a log. */
export function tracesOf(secret: string): string[] {
  if (SHORT_CODE.test(secret)) return [secret];
  return (decoded(secret).match(RUN) ?? []).filter((run) => run.length >= LEAST);
}

/** A problem's code is under the same name as a mailed one. */
const CODE_MEMBER = /^codes?$/;

type Kind = "plain" | "code" | "secret";

const KINDS: Readonly<Record<Kind, (text: string) => string[]>> = {
  plain: () => [],
  code: (text) => (SHORT_CODE.test(text) ? [text] : []),
  secret: tracesOf,
};

function kindOf(name: string): Kind {
  if (SECRET_MEMBER.test(name)) return "secret";
  return CODE_MEMBER.test(name) ? "code" : "plain";
}

/** The traces of every secret in a JSON value: all texts under a secret's name, in lists as well. */
export function secretsIn(value: unknown, kind: Kind = "plain"): string[] {
  if (typeof value === "string") return KINDS[kind](value);
  if (Array.isArray(value)) return value.flatMap((member) => secretsIn(member, kind));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => secretsIn(member, kindOf(name)));
}

/** A signed token of any kind (RFC 7519): a header and a payload in base64url. */
const TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}/;

export type Leak = { readonly trace: string; readonly line: string };

/** The lines of a log that hold one of the secrets, or a signed token. */
export function leaksIn(log: string, secrets: ReadonlySet<string>): Leak[] {
  return log.split("\n").flatMap((line) => {
    const trace = line.match(RUN)?.find((run) => secrets.has(run)) ?? TOKEN.exec(line)?.[0];
    return trace === undefined ? [] : [{ trace, line }];
  });
}
