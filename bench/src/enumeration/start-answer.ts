import { z } from "zod";

const answerShape = z.object({
  ceremony_id: z.string(),
  options: z.object({
    challenge: z.string(),
    allowCredentials: z.array(z.record(z.string(), z.unknown())),
  }),
});

/** An answer of login/start, without what is random in every one of them. */
export type StartAnswer = {
  /** Status, headers and body, the random values blotted out, the list left out. */
  readonly form: string;
  /** How each entry of the list is built: the members' names in their order. */
  readonly entryForms: readonly string[];
  /** The list as it came: for one address always the same. */
  readonly list: string;
  readonly count: number;
  readonly milliseconds: number;
};

/** New in every answer, whoever asks. */
const RANDOM_HEADERS = new Set(["date", "x-request-id", "content-length"]);

function headerLines(headers: Headers): string[] {
  const lines = [...headers].filter(([name]) => !RANDOM_HEADERS.has(name));
  return lines.map(([name, value]) => `${name}: ${name === "set-cookie" ? value.replace(/=[\w-]{43};/, "=;") : value}`);
}

/**
 * Reads an answer.
 * @throws Error when it is not a start of a sign-in.
 */
export function readStartAnswer(response: Response, text: string, milliseconds: number): StartAnswer {
  if (response.status !== 200) throw new Error(`login/start: ${response.status} ${text}`);
  const { ceremony_id, options } = answerShape.parse(JSON.parse(text));
  // As it was sent: the list begins with its first bracket and no other bracket follows it.
  const list = /"allowCredentials":(\[.*\])/.exec(text)?.[1] ?? "";
  const body = text.replace(list, "[]").replace(ceremony_id, "").replace(options.challenge, "");
  return {
    form: [response.status, ...headerLines(response.headers), body].join("\n"),
    entryForms: [...new Set(options.allowCredentials.map((entry) => `${entry.type}: ${Object.keys(entry).join(" ")}`))],
    list,
    count: options.allowCredentials.length,
    milliseconds,
  };
}
