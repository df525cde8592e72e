import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireFront, type WireFront } from "../../test/support/wire-front.ts";

let wire: WireFront;

beforeAll(async () => {
  wire = await startWireFront();
});

afterAll(() => wire.stop());

const OK = "HTTP/1.1 200 OK\r\n";
const TWO = "Content-Length: 2\r\n\r\nok";

/** The header lines of an answer the upstream gave with these. */
async function headersOf(...lines: string[]): Promise<string[]> {
  const { head } = await wire.ask(`${OK}${lines.map((line) => `${line}\r\n`).join("")}${TWO}`);
  return head.split("\r\n").filter((line) => line !== "");
}

describe("an upstream's headers", () => {
  it.each([
    "Date: Thu, 01 Jan 1970 00:00:00 GMT",
    "Server: its-own/1.0",
    "Location: http://internal.example:3000/a%2fb?c=d#e",
    "Service-Worker-Allowed: /",
    "Content-Security-Policy: default-src 'none'",
    "Strict-Transport-Security: max-age=1",
    "Cache-Control: public, max-age=60",
    "Vary: Accept",
    'Clear-Site-Data: "cache"',
    "Set-Cookie: app=1; Domain=example.com; Path=/; Secure; HttpOnly",
    "Set-Cookie: __Host-app=1; Path=/; Secure",
    "Set-Cookie: csrf_token_short=1",
    "X-Empty: ",
    "X-Octets: \xe9\xff",
  ])("pass as they are, once: %s", async (line) => {
    const got = await headersOf(line);
    expect(got).toContain(line);
    const name = line.slice(0, line.indexOf(":") + 1).toLowerCase();
    const added = line.startsWith("Vary") ? ["Vary: Cookie"] : [];
    expect(got.filter((other) => other.toLowerCase().startsWith(name))).toEqual([line, ...added]);
  });

  it("stay apart where there are several of a name", async () => {
    const lines = [
      "Set-Cookie: a=1",
      "Set-Cookie: b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
      "Link: </a>",
      "Link: </b>",
    ];
    expect((await headersOf(...lines)).filter((line) => lines.includes(line))).toEqual(lines);
  });

  it.each([
    "Set-Cookie: passbridge_session=x",
    "Set-Cookie: PASSBRIDGE_session=x",
    "Set-Cookie: __Host-passbridge_session=x; Path=/; Secure",
    "Set-Cookie: __Secure-passbridge_known=x",
    "set-cookie:  \t passbridge_session =x",
    "Set-Cookie: passbridge_session",
    "Set-Cookie: =passbridge_session=x",
    "Set-Cookie: == passbridge_session=x; Domain=example.com",
    "Set-Cookie: passbridge_session=; Max-Age=0",
    "Set-Cookie: ory_kratos_session=x",
    "Set-Cookie: =ory_kratos_continuity=x",
    `Set-Cookie: csrf_token_${"ab".repeat(32)}=x`,
    'Clear-Site-Data: "cookies"',
    'Clear-Site-Data: "*"',
    "Clear-Site-Data: *",
    'clear-site-data: "COOKIES"',
    "Keep-Alive: timeout=99",
    "Proxy-Authenticate: Basic",
    "Proxy-Connection: keep-alive",
    "Upgrade: h2c",
    "X-Request-Id: theirs",
  ])("end here: %s", async (line) => {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    const kept = (await headersOf(line, "X-Other: 1")).filter((other) => other.toLowerCase().startsWith(`${name}:`));
    expect(kept).toEqual(name === "x-request-id" ? ["x-request-id: request-1"] : []);
  });

  it("end here where Connection names them, and what is left of Clear-Site-Data passes", async () => {
    const got = await headersOf(
      "Connection: X-Hop, x-other",
      "X-Hop: 1",
      "X-OTHER: 2",
      'Clear-Site-Data: "cache", "cookies","storage"',
    );
    expect(got.join("\n")).not.toMatch(/x-hop|x-other/i);
    expect(got).toContain('Clear-Site-Data: "cache", "storage"');
  });
});

describe("a client's headers", () => {
  it("that Connection names, or that are for one hop, are not sent on; what the gateway says cannot be named away", async () => {
    await wire.ask(`${OK}${TWO}`, {
      headers:
        "Connection: x-hop, remote-user, host\r\nX-Hop: 1\r\nTE: trailers\r\nKeep-Alive: 1\r\nProxy-Connection: a\r\nProxy-Authorization: b\r\nUpgrade: h2c\r\nHTTP2-Settings: c\r\nX-Stays: 1\r\n",
    });
    const head = wire.heads.at(-1) ?? "";
    expect(head).not.toMatch(/^(x-hop|te|proxy-|upgrade|http2|keep-alive: 1)/im);
    expect(head).toMatch(/^X-Stays: 1$/m);
    expect(head).toMatch(/^Host: app.example.com$/m);
    expect(head).toMatch(/^Remote-User: /m);
  });
});
