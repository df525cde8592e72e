import { z } from "zod";
import { ANY_SESSION, type RouteAccess } from "../policy/route-rule.ts";
import { members, time } from "./rule-values.ts";

/** `aal2` is read as `{ aal2: WORD }`, so that words and members are told apart and mistyped ones found alike. */
const WORD = Symbol("word");

const word = (text: string) => z.custom((value) => value === WORD, `is a word of its own: write ${text}`).optional();

const role = z.string().regex(/^[^\s\p{Cc},]{1,64}$/u, "needs the name of a role, without spaces and commas");

const need = z.preprocess(
  (value) => (typeof value === "string" ? { [value]: WORD } : value),
  members(
    {
      public: word("public"),
      deny: word("deny"),
      session: word("session"),
      verified: word("verified"),
      aal2: word("aal2"),
      passkey: word("passkey"),
      fresh: time().optional(),
      roles: z.array(role).min(1, "names no role").optional(),
    },
    "needs a word such as aal2, { fresh: … } or { roles: … }",
  ),
);

type Need = z.infer<typeof need>;

function toAccess(needs: readonly Need[]): RouteAccess {
  const has = (name: keyof Need) => needs.some((entry) => entry[name] !== undefined);
  if (has("public")) return { kind: "public" };
  if (has("deny")) return { kind: "deny" };
  return {
    ...ANY_SESSION,
    verified: has("verified"),
    aal2: has("aal2"),
    passkey: has("passkey"),
    fresh: needs.find(({ fresh }) => fresh !== undefined)?.fresh ?? null,
    roles: needs.flatMap(({ roles }) => roles ?? []),
  };
}

/** Why these needs do not go together; null: they do. */
function needsFault(needs: readonly Need[]): string | null {
  const names = needs.flatMap((entry) => Object.keys(entry));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `names ${twice} twice`;
  const alone = names.find((name) => name === "public" || name === "deny");
  return alone !== undefined && names.length > 1 ? `${alone} stands alone: nothing else can be needed beside it` : null;
}

/** Who may pass: one need or a list of them; whoever needs anything has to be signed in. */
export function access() {
  const asList = (value: unknown) => (value === undefined || Array.isArray(value) ? value : [value]);
  return z.preprocess(
    asList,
    z
      .array(need)
      .min(1, "says nobody and nothing: name what is needed, public or deny")
      .superRefine((needs, context) => {
        const fault = needsFault(needs);
        if (fault) context.addIssue({ code: "custom", message: fault });
      })
      .transform(toAccess),
  );
}
