import type { IncomingMessage, ServerResponse } from "node:http";

/** Answers with a text; HEAD gets its headers alone. */
export function answerText(
  { method }: Pick<IncomingMessage, "method">,
  response: ServerResponse,
  answer: { readonly status: number; readonly type: string; readonly text: string },
): void {
  response.statusCode = answer.status;
  response.setHeader("Content-Type", answer.type);
  response.setHeader("Content-Length", Buffer.byteLength(answer.text));
  response.end(method === "HEAD" ? undefined : answer.text);
}

/** Answers with headers alone. */
export function answerEmpty(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.setHeader("Content-Length", 0);
  response.end();
}

/** A page load goes to the page; 303 has it loaded with GET whatever the method was. */
export function redirectTo(response: ServerResponse, method: string, location: string): void {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Location", location);
  answerEmpty(response, method === "GET" || method === "HEAD" ? 302 : 303);
}
