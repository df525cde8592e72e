import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../errors.ts";
import { type FlowSubmission, readSubmission } from "./kratos-call.ts";

const FLOW = "0b7a4d2e-5c1f-4a53-9f5e-2f6f0c8d1a22";

function read(path: string, contentType: string, body: string): FlowSubmission | null | string {
  try {
    return readSubmission({ method: "POST", path, contentType, body: Buffer.from(body) });
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

const paths = fc
  .tuple(
    fc.constantFrom("login", "verification", "recovery"),
    fc.constantFrom("", `?flow=${FLOW}`, "?flow=x", `?flow=${FLOW}&flow=${FLOW}`, `?flow=${FLOW}&more=1`),
  )
  .map(([kind, query]) => `/self-service/${kind}${query}`);
const types = fc.constantFrom("application/json", "application/x-www-form-urlencoded", "text/plain", "");
const name = fc.constantFrom("email", "identifier", "code", "method", "Code", "EMAIL", "__proto__", "csrf_token");
const bodies = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.dictionary(name, fc.oneof(fc.string(), fc.jsonValue())).map((value) => JSON.stringify(value)),
  fc.array(fc.tuple(name, fc.string())).map((members) => String(new URLSearchParams(members))),
);

describe("whatever is submitted to a flow that mails codes", () => {
  test("is read or refused, and what is sent on is what was read", () => {
    fc.assert(
      fc.property(paths, types, bodies, (path, contentType, body) => {
        const submission = read(path, contentType, body);
        if (typeof submission === "string") {
          expect(["invalid_request", "unsupported_media_type", "not_found"]).toContain(submission);
          return;
        }
        if (!submission) throw new Error("not read as a submission");
        const { send, ...meaning } = submission;
        const again = read(
          send.path,
          send.asJson ? "application/json" : "application/x-www-form-urlencoded",
          String(send.body),
        );
        expect(again).toMatchObject(meaning);
      }),
      { numRuns: 500 },
    );
  });
});
