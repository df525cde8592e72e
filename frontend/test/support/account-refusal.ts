import type { ProblemCode } from "@passbridge/client";

/** An answer of the backend that is no success. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super("refused");
    this.status = status;
    this.body = body;
  }
}

/** A problem document. */
export const problem = (status: number, code: ProblemCode) =>
  new Refusal(status, { type: "about:blank", title: code, status, detail: code, code, request_id: "r1" });
