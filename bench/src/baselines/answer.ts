import { z } from "zod";

/** What a baseline answers to every request: the gateway's own answer, header by header. */
export type Answer = { readonly headers: readonly (readonly [string, string])[]; readonly body: string };

const answer = z.object({ headers: z.array(z.tuple([z.string(), z.string()])), body: z.string() });

/** The answer in ANSWER, as JSON. Throws ZodError when it is none. */
export const readAnswer = (): Answer => answer.parse(JSON.parse(process.env.ANSWER ?? ""));
