import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createConfig, lint } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import openapiTS, { astToString } from "openapi-typescript";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROBLEMS } from "../../gateway/src/errors.ts";
import { authenticatedSession } from "./support/sessions.ts";

type Operation = { operationId?: string; responses: Record<string, unknown> };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { enum?: string[] }> };
};

const file = fileURLToPath(new URL("../../docs/openapi.yaml", import.meta.url));
const generated = fileURLToPath(new URL("../src/generated/contract.ts", import.meta.url));
const document = parse(readFileSync(file, "utf8")) as Document;

function validator(schema: string) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.yaml");
  return ajv.compile({ $ref: `openapi.yaml#/components/schemas/${schema}` });
}

describe("docs/openapi.yaml", () => {
  it("is a valid OpenAPI 3.1 document, without a warning", async () => {
    // /.well-known/change-password only ever redirects.
    const rules = { "operation-2xx-response": "off" } as const;
    const config = await createConfig({ extends: ["recommended-strict"], rules });
    const problems = await lint({ ref: file, config });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  it("knows exactly the gateway's problem codes", () => {
    expect(document.components.schemas.ProblemCode?.enum?.toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  });

  it("is what the client's types were generated from (npm run generate -w client)", async () => {
    const ast = await openapiTS(new URL("../../docs/openapi.yaml", import.meta.url), {
      rootTypes: true,
      rootTypesNoSchemaPrefix: true,
      rootTypesKeepCasing: true,
      emptyObjectsUnknown: true,
    });
    const banner = /^\/\*\*[\s\S]*?\*\/\s*/;
    expect(readFileSync(generated, "utf8").replace(banner, "")).toBe(astToString(ast));
  });
});

describe("the Session schema", () => {
  const valid = validator("Session");
  const session = authenticatedSession();

  it.each([
    ["a passkey session", session],
    ["a count that could not be asked", { ...session, passkeys: { ...session.passkeys, count: null } }],
    ["nobody", { authenticated: false }],
  ])("takes %s", (_name, value) => {
    expect(valid(value)).toBe(true);
  });

  it.each([
    ["a further member", { ...session, extra: 1 }],
    ["a further member for nobody", { authenticated: false, identity: null }],
    ["an unknown method", { ...session, methods: ["magic"] }],
    ["a missing member", { ...session, sessions: { passkey: null } }],
    ["a time that is not RFC 3339", { ...session, expires_at: "tomorrow" }],
    ["a member of the wrong type", { ...session, aal: 2 }],
  ])("refuses %s", (_name, value) => {
    expect(valid(value)).toBe(false);
  });
});
