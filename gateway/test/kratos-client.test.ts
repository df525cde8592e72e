import { randomUUID } from "node:crypto";
import { Configuration, IdentityApi } from "@ory/client";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { OutageError } from "../src/errors.ts";
import type { KratosClient } from "../src/kratos/kratos-client.ts";
import { createOryKratosClient } from "../src/kratos/ory-kratos-client.ts";
import { createPerson } from "./support/people.ts";

let kratos: KratosClient;
let identities: IdentityApi;

const clientAt = (adminUrl: string) =>
  createOryKratosClient({
    publicUrl: new URL(inject("stack").kratosPublicUrl),
    adminUrl: new URL(adminUrl),
    timeout: 3_000,
    sessionCacheTtl: 0,
    identityCacheTtl: 0,
  });

beforeAll(() => {
  const { kratosAdminUrl } = inject("stack");
  kratos = clientAt(kratosAdminUrl);
  identities = new IdentityApi(new Configuration({ basePath: kratosAdminUrl }));
});

async function account(more: object = {}) {
  const { email, password } = createPerson();
  const createIdentityBody = { schema_id: "default", traits: { email }, ...more };
  const { data } = await identities.createIdentity({ createIdentityBody });
  return { id: data.id, email, password };
}

const withPassword = { credentials: { password: { config: { password: randomUUID() } } } };

describe("an identity", () => {
  it.each([
    ["  ", "  "],
    ["", ""],
  ])("is found by its e-mail in any spelling", async (before, after) => {
    const { id, email } = await account(withPassword);
    const found = await kratos.findIdentityByEmail(before + email.toUpperCase() + after);
    expect(found).toMatchObject({ identity: { id, email }, active: true, hasPassword: true });
  });

  it("without a password is found by e-mail and id, and has the code its e-mail is good for alone", async () => {
    const { id, email } = await account();
    expect(await kratos.findIdentityByEmail(email)).toMatchObject({ identity: { id }, hasPassword: false });
    expect(await kratos.findIdentity(id)).toMatchObject({ hasPassword: false, hasCode: true });
  });

  it("with a password has one by either question", async () => {
    const { id, email } = await account(withPassword);
    expect(await kratos.findIdentity(id)).toMatchObject({ hasPassword: true });
    expect(await kratos.findIdentityByEmail(email)).toMatchObject({ hasPassword: true });
  });

  it("that nobody has is none", async () => {
    expect(await kratos.findIdentityByEmail(createPerson().email)).toBeNull();
    expect(await kratos.findIdentityByEmail("%")).toBeNull();
    expect(await kratos.findIdentity(randomUUID())).toBeNull();
  });

  it("cannot be told to exist while Kratos is away", async () => {
    await expect(clientAt("http://127.0.0.1:9").findIdentityByEmail("a@example.com")).rejects.toThrow(OutageError);
  });
});
