import { describe, expect, it } from "vitest";
import { askedByEnvoy, askedByNginx, askedByTraefik, askRaw, type Lines, provideAuthz } from "./support/authz-world.ts";
import { connectTo, readUntil } from "./support/raw-http.ts";

const { gateway, people } = provideAuthz();

const host = () => new URL(gateway().origin).host;
const ask = (lines: Lines, body = "", origin = gateway().origin) => askRaw(origin, lines, body);
const nginxAsks = (target: string, method?: string) => askedByNginx(host(), target, method);
const traefikAsks = (target: string, method?: string) => askedByTraefik(host(), target, method);
const envoyAsks = (target: string, method?: string) => askedByEnvoy(host(), target, method);
const codeIn = (body: string) => (JSON.parse(body) as { code: string }).code;

describe("an original request", () => {
  const without = (lines: readonly string[], name: string) => lines.filter((line) => !line.startsWith(`${name}:`));
  const changed = (lines: readonly string[], name: string, value: string) => [
    ...without(lines, name),
    `${name}: ${value}`,
  ];

  it.each([
    [nginxAsks, "X-Original-URL"],
    [nginxAsks, "X-Original-Method"],
    [traefikAsks, "X-Forwarded-Method"],
    [traefikAsks, "X-Forwarded-Proto"],
    [traefikAsks, "X-Forwarded-Host"],
    [traefikAsks, "X-Forwarded-Uri"],
  ] as const)("that is not whole or doubled is not decided on (%#: %s)", async (question, name) => {
    const lines = question("/public");
    const line = lines.find((text) => text.startsWith(`${name}:`)) ?? "";
    expect((await ask(lines)).status).toBe(200);
    for (const bad of [
      without(lines, name),
      changed(lines, name, ""),
      [...lines, line],
      [...lines, line.toLowerCase()],
    ]) {
      const answer = await ask(bad);
      expect([answer.status, codeIn(answer.body)]).toEqual([400, "invalid_request"]);
    }
  });

  it.each([
    [nginxAsks, "X-Original-URL", "/public"],
    [nginxAsks, "X-Original-URL", "ftp://localhost/public"],
    [nginxAsks, "X-Original-URL", "http:///public"],
    [nginxAsks, "X-Original-URL", "http://user@localhost/public"],
    [nginxAsks, "X-Original-URL", "http://localhost"],
    [nginxAsks, "X-Original-URL", "http://localhost/public, http://localhost/public"],
    [nginxAsks, "X-Original-URL", "http://localhost\\@evil.test/public"],
    [nginxAsks, "X-Original-Method", "get"],
    [nginxAsks, "X-Original-Method", "GET, GET"],
    [nginxAsks, "X-Original-Method", "CONNECT"],
    [traefikAsks, "X-Forwarded-Method", "post"],
    [traefikAsks, "X-Forwarded-Proto", "gopher"],
    [traefikAsks, "X-Forwarded-Proto", "https, http"],
    [traefikAsks, "X-Forwarded-Host", "localhost, evil.test"],
    [traefikAsks, "X-Forwarded-Host", "evil.test/public"],
    [traefikAsks, "X-Forwarded-Uri", "http://localhost/public"],
    [traefikAsks, "X-Forwarded-Uri", "public"],
  ] as const)("that is malformed is not decided on (%#: %s %s %s)", async (question, name, value) => {
    expect((await ask(changed(question("/public"), name, value))).status).toBe(400);
  });

  it("of Envoy's has a path of its own", async () => {
    for (const path of ["", "?/public", "x/public"]) {
      expect([400, 404]).toContain((await ask(envoyAsks(path))).status);
    }
  });

  it("names a host that a rule is for, or is taken for PUBLIC_URL's", async () => {
    const cookie = `Cookie: ${people().password}`;
    const at = (name: string) => ask([...changed(traefikAsks("/app"), "X-Forwarded-Host", name), cookie]);
    expect([(await at("api.example.test")).status, (await at("unknown.test")).status]).toEqual([403, 200]);
    expect((await ask(changed(traefikAsks("/app"), "X-Forwarded-Host", "one.wild.test"))).status).toBe(200);
  });

  it("is asked about by any method, and its body is not waited for", async () => {
    const socket = await connectTo(gateway().origin);
    const lines = [
      ...envoyAsks("/public", "POST").filter((line) => !line.startsWith("content-length")),
      "Content-Length: 9",
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n{`);
    expect(await readUntil(socket, (text) => text.includes("\r\n\r\n"))).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]) {
      const [, ...rest] = nginxAsks("/public");
      expect(
        (
          await ask(
            [`${method} /api/authz/auth-request HTTP/1.1`, ...rest, "Content-Type: text/plain", "Content-Length: 1"],
            "x",
          )
        ).status,
      ).toBe(200);
    }
  });
});
