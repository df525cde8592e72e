import { randomUUID } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../../test/support/loopback-server.ts";
import { OutageError } from "../errors.ts";
import { createOryKratosClient } from "./ory-kratos-client.ts";

let kratos: LoopbackServer | undefined;
afterEach(() => kratos?.close());

const session = (more: object = {}) => ({
  id: randomUUID(),
  issued_at: "2026-01-01T00:00:00Z",
  authenticated_at: "2026-01-01T00:00:00Z",
  expires_at: "2026-01-02T00:00:00Z",
  authenticator_assurance_level: "aal1",
  authentication_methods: [{ method: "password", completed_at: "2026-01-01T00:00:00Z" }],
  devices: [{ ip_address: "192.0.2.7", user_agent: "Firefox" }],
  ...more,
});

type Page = { readonly sessions: readonly object[]; readonly next?: string };

/** Kratos' admin API as far as it lists sessions, page by page; and what it was asked. */
async function kratosWith(pages: Readonly<Record<string, Page>>) {
  const asked: URLSearchParams[] = [];
  kratos = await startLoopbackServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://kratos");
    asked.push(url.searchParams);
    const page = pages[url.searchParams.get("page_token") ?? ""];
    if (!page) return void response.writeHead(500).end();
    const link = [`<${url.pathname}?page_token=first>; rel="first"`];
    if (page.next) link.push(`<${url.pathname}?page_size=1000&page_token=${page.next}>; rel="next"`);
    return void response
      .writeHead(200, { "content-type": "application/json", link: link.join(",") })
      .end(JSON.stringify(page.sessions));
  });
  const client = createOryKratosClient({
    publicUrl: kratos.url,
    adminUrl: kratos.url,
    timeout: 3_000,
    sessionCacheTtl: 0,
    identityCacheTtl: 0,
  });
  return { asked, list: () => client.sessionsOf(randomUUID()) };
}

it("lists all pages, of live sessions alone", async () => {
  const [one, two, three] = [session(), session(), session()];
  const { asked, list } = await kratosWith({ "": { sessions: [one, two], next: "b" }, b: { sessions: [three] } });
  expect((await list()).map(({ id }) => id)).toEqual([one.id, two.id, three.id]);
  for (const query of asked) expect(query.get("active")).toBe("true");
});

it("ends with a page that brings nothing new, and at a thousand", async () => {
  const one = session();
  const same = await kratosWith({ "": { sessions: [one], next: "b" }, b: { sessions: [one], next: "b" } });
  expect(await same.list()).toHaveLength(1);
  expect(same.asked).toHaveLength(2);
  kratos?.close();
  const many = Array.from({ length: 700 }, () => session());
  const more = Array.from({ length: 700 }, () => session());
  const full = await kratosWith({ "": { sessions: many, next: "b" }, b: { sessions: more, next: "c" } });
  expect(await full.list()).toHaveLength(1_000);
  expect(full.asked).toHaveLength(2);
});

it("is an outage when a page of it cannot be had, and never a part of the list", async () => {
  const { list } = await kratosWith({ "": { sessions: [session()], next: "gone" } });
  await expect(list()).rejects.toThrow(OutageError);
});

it.each([
  ["its newest proof and place", {}, { authMethod: "password", place: { userAgent: "Firefox", ip: "192.0.2.7" } }],
  [
    "the last of its devices",
    { devices: [{ ip_address: "192.0.2.1" }, { ip_address: "2001:DB8::1", user_agent: "Safari" }] },
    { place: { userAgent: "Safari", ip: "2001:db8::1" } },
  ],
  [
    "no address that is none",
    { devices: [{ ip_address: "192.0.2.1:4711" }] },
    { place: { userAgent: null, ip: null } },
  ],
  ["no place where it is not known", { devices: null }, { place: { userAgent: null, ip: null } }],
  [
    "a code after a password",
    { authentication_methods: [{ method: "password" }, { method: "code" }], authenticator_assurance_level: "aal2" },
    { authMethod: "code", aal: "aal2" },
  ],
])("a session has %s", async (_what, more, expected) => {
  const { list } = await kratosWith({ "": { sessions: [session(more)] } });
  expect(await list()).toMatchObject([{ kind: "password", createdAt: new Date("2026-01-01T00:00:00Z"), ...expected }]);
});
