import { webcrypto } from "node:crypto";
import dns, { type LookupAddress } from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import tls from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Authority, createAuthority } from "../../test/support/certificate-authority.ts";
import { listen } from "../../test/support/websocket-front.ts";
import { exchangeWithUpstream } from "./exchange.ts";
import { createUpstreamTarget, type UpstreamTargetOptions } from "./upstream-target.ts";

const stops: (() => void)[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0)) stop();
});

/** The status an upstream answers a request with. */
async function ask(
  url: string | URL,
  options: UpstreamTargetOptions = {},
  method = "POST",
): Promise<number | undefined> {
  const target = createUpstreamTarget(new URL(url), options);
  stops.push(target.close);
  const answer = await exchangeWithUpstream({
    target,
    send: { method, path: "/", headers: ["Host", "x"] },
    body: null,
    timeout: 10_000,
    idleTimeout: 10_000,
    response: null,
  });
  answer?.discard();
  return answer?.status;
}

const unavailable = { code: "upstream_unavailable" };

/** Has the system know a name by these addresses, as it often knows localhost. */
function resolveTo(...addresses: LookupAddress[]): void {
  vi.spyOn(dns, "lookup").mockImplementation(((...call: unknown[]) => {
    const back = call.at(-1) as (error: null, found: LookupAddress[]) => void;
    setImmediate(back, null, addresses);
  }) as typeof dns.lookup);
}

const IPV6 = { address: "::1", family: 6 };
const IPV4 = { address: "127.0.0.1", family: 4 };

describe("an upstream whose name has two addresses", () => {
  it.each([
    ["127.0.0.1", [IPV6, IPV4]],
    ["127.0.0.1", [IPV4, IPV6]],
    ["::1", [IPV4, IPV6]],
    ["::1", [IPV6, IPV4]],
  ])("is reached where it listens on %s alone, by any method, once", async (host, addresses) => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.method);
      response.end();
    }).listen(0, host);
    await once(server, "listening");
    stops.push(() => server.close());
    resolveTo(...addresses);
    const url = `http://two-addresses.test:${(server.address() as AddressInfo).port}`;
    expect(await ask(url)).toBe(200);
    expect(seen).toEqual(["POST"]);
  });

  it("is away where it listens on neither", async () => {
    resolveTo(IPV6, IPV4);
    await expect(ask("http://two-addresses.test:9")).rejects.toMatchObject(unavailable);
  });

  it("is away where nobody knows the name", async () => {
    vi.spyOn(dns, "lookup").mockImplementation(((...call: unknown[]) => {
      const back = call.at(-1) as (error: Error) => void;
      setImmediate(back, Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
    }) as typeof dns.lookup);
    await expect(ask("http://nowhere.test")).rejects.toMatchObject(unavailable);
  });
});

describe("an upstream with TLS", () => {
  const roots = tls.getCACertificates("default");
  let authority: Authority;

  beforeAll(async () => {
    authority = await createAuthority("CN=Upstreams' Root");
  });

  afterEach(() => tls.setDefaultCACertificates(roots));
  afterAll(() => tls.setDefaultCACertificates(roots));

  async function startSecure(name: string): Promise<string> {
    const { der, keys } = await authority.issue({ subject: `CN=${name}`, hosts: [name] });
    const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
    const pem = (kind: string, bytes: Buffer) =>
      `-----BEGIN ${kind}-----\n${bytes.toString("base64")}\n-----END ${kind}-----\n`;
    const options = { cert: pem("CERTIFICATE", der), key: pem("PRIVATE KEY", key) };
    const server = createSecureServer(options, (_request, response) => response.end());
    stops.push(() => server.close());
    return `https://localhost:${new URL(await listen(server)).port}`;
  }

  it("is asked where its certificate is for its name, by a root that Node trusts", async () => {
    const url = await startSecure("localhost");
    await expect(ask(url)).rejects.toMatchObject(unavailable);
    tls.setDefaultCACertificates([...roots, authority.pem]);
    expect(await ask(url)).toBe(200);
  });

  it("is not asked where its certificate is another's", async () => {
    tls.setDefaultCACertificates([...roots, authority.pem]);
    await expect(ask(await startSecure("elsewhere.test"))).rejects.toMatchObject(unavailable);
  });

  it("is given up where it takes the connection and then says nothing", async () => {
    const server = createTcpServer((socket) => {
      stops.push(() => socket.destroy());
      socket.on("error", () => undefined);
    });
    stops.push(() => server.close());
    const url = new URL(await listen(server));
    await expect(ask(`https://localhost:${url.port}`, { connectTimeout: 100 })).rejects.toMatchObject(unavailable);
  });
});
