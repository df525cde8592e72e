import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  write(createLogger({ logLevel: "info" }, sink));
  return text;
}

describe("createLogger", () => {
  it("keeps secrets out, wherever a request or an answer would carry them", () => {
    const headers = { cookie: "hush", "set-cookie": ["hush"], authorization: "hush" };
    const text = logged((log) => {
      log.info({ cookie: "hush", password: "hush", headers, request: { headers, body: { password: "hush" } } }, "x");
      log.info({ response: { headers }, body: { challenge: "hush", recovery_code: "hush" } }, "x");
    });
    expect(text).not.toContain("hush");
    expect(text).toContain("[redacted]");
  });

  it("writes a library's error without its request, and its causes", () => {
    const inner = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const error = Object.assign(new Error("call failed", { cause: inner }), {
      config: { headers: { Cookie: "hush" } },
    });
    const text = logged((log) => log.warn({ err: error }, "x"));
    expect(text).not.toContain("hush");
    expect(JSON.parse(text)).toMatchObject({ err: { message: "call failed", cause: { code: "ECONNREFUSED" } } });
  });
});
