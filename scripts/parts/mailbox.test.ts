import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { codeIn, createMailbox } from "./mailbox.ts";

describe("codeIn", () => {
  it("finds the six digits and no others", () => {
    expect(codeIn({ text: "Order 12345678, room 12345: your code\n\n056516\n" })).toBe("056516");
  });

  it("refuses a mail without a code", () => {
    expect(() => codeIn({ text: "Hello 1234567" })).toThrow(/no six-digit code/);
  });
});

/** Mailpit's API as its documentation has it (mailpit.axllent.org/docs/api-v1); maildev's own is met in the stack's test. */
const MAILPIT: Record<string, unknown> = {
  "/api/v1/info": { Version: "v1" },
  "/api/v1/search": {
    messages: [
      { ID: "2", To: [{ Address: "ada@example.com" }] },
      { ID: "1", To: [{ Address: "Ada@example.com" }] },
      { ID: "0", To: [{ Address: "ada@example.com.test" }] },
    ],
  },
  "/api/v1/message/0": { ID: "0", Subject: "other", Text: "", HTML: "" },
  "/api/v1/message/1": { ID: "1", Subject: "older", Text: "111111", HTML: "" },
  "/api/v1/message/2": { ID: "2", Subject: "newer", Text: "222222", HTML: "" },
};

describe("createMailbox with Mailpit", () => {
  let server: Server;
  afterEach(() => server.close());

  it("reads the mails of one address, oldest first, and waits for the newest that fits", async () => {
    server = createServer((request, response) => {
      const body = MAILPIT[request.url?.split("?")[0] ?? ""];
      response.writeHead(body ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const mailbox = createMailbox(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect((await mailbox.list("ada@example.com")).map((mail) => mail.subject)).toEqual(["older", "newer"]);
    expect((await mailbox.waitFor("ada@example.com")).subject).toBe("newer");
    expect((await mailbox.waitFor("ada@example.com", (mail) => mail.text === "111111")).subject).toBe("older");
  });
});
