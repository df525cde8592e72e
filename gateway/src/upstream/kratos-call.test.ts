import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../errors.ts";
import { readSubmission } from "./kratos-call.ts";

const FLOW = "6f1c2a3e-0000-4000-8000-000000000001";
const JSON_TYPE = "application/json; charset=utf-8";
const FORM_TYPE = "application/x-www-form-urlencoded";

const post = (path: string, body: unknown = {}, contentType = JSON_TYPE) =>
  readSubmission({
    method: "POST",
    path: `/self-service/${path}`,
    contentType,
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  });

const codeOf = (read: () => unknown) => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.code;
  }
};

describe("what is submitted", () => {
  test.each([
    ["verification", { method: "code", email: "a@example.com" }, "a@example.com", false],
    ["verification", { method: "code", code: "123456" }, null, true],
    ["recovery", { method: "code", email: "a@example.com" }, "a@example.com", false],
    ["login", { method: "code", identifier: "a@example.com", code: "123456" }, "a@example.com", true],
    ["login", { method: "password", identifier: "a@example.com", password: "x" }, null, false],
  ])("%s with %j", (kind, body, email, code) => {
    const read = post(`${kind}?flow=${FLOW}&code=999999&email=b%40example.com`, body);
    expect(read).toMatchObject({ kind, flowId: FLOW, email, code });
    expect(read?.send.path).toBe(`/self-service/${kind}?flow=${FLOW}`);
    expect(JSON.parse(String(read?.send.body))).toEqual(body);
  });

  test("is told in whatever way its path is written", () => {
    expect(post(`verif%69cation/?flow=${FLOW}`)?.send.path).toBe(`/self-service/verification?flow=${FLOW}`);
  });

  test("a form is sent on as one", () => {
    const read = post(`recovery?flow=${FLOW}`, "method=code&email=a%40example.com", FORM_TYPE);
    expect(read).toMatchObject({ email: "a@example.com", send: { asJson: false } });
    expect(String(read?.send.body)).toBe("method=code&email=a%40example.com");
    expect(post(`recovery?flow=${FLOW}`, "", FORM_TYPE)).toMatchObject({ email: null, code: false });
  });

  test("a sign-up and a change of settings are left as they are", () => {
    const body = '{"traits":{"Email":"a@example.com"},"Method":"password"}';
    for (const kind of ["registration", "settings"]) {
      expect(post(`${kind}?flow=${FLOW}&x=1`, body)).toMatchObject({
        kind,
        email: null,
        code: false,
        send: { path: `/self-service/${kind}?flow=${FLOW}&x=1`, body: Buffer.from(body) },
      });
    }
  });

  test.each(["verification/browser", "verification/flows", "logout", "methods"])("%s is none", (path) => {
    expect(post(path)).toBeNull();
  });

  test("neither is a link that is opened", () => {
    const path = `/self-service/verification?flow=${FLOW}&code=123456`;
    expect(readSubmission({ method: "GET", path, contentType: undefined, body: null })).toBeNull();
  });
});

describe("what two parsers could read differently is refused", () => {
  const at = `verification?flow=${FLOW}`;
  test.each<[string, () => unknown, string]>([
    ["a member in another case", () => post(at, { Email: "a@example.com" }), "invalid_request"],
    ["a member that is no text", () => post(at, { email: ["a@example.com"] }), "invalid_request"],
    ["an address with a space", () => post(at, { email: "a@example.com " }), "invalid_request"],
    ["a form member twice", () => post("recovery", "email=a%40x&email=b%40x", FORM_TYPE), "invalid_request"],
    ["broken JSON", () => post(at, "{"), "invalid_request"],
    ["no object", () => post(at, "[]"), "invalid_request"],
    ["two flows", () => post(`${at}&flow=${FLOW}`), "invalid_request"],
    ["a flow without hyphens", () => post(`verification?flow=${FLOW.replaceAll("-", "")}`), "not_found"],
    ["a flow in capitals", () => post(`verification?flow=${FLOW.toUpperCase()}`), "not_found"],
    ["a question mark in the query", () => post(`verification?x?flow=${FLOW}&flow=${FLOW}`, { code: "1" }), "ok"],
    ["another type", () => post(at, "{}", "text/plain"), "unsupported_media_type"],
    ["a verification in a form", () => post(at, "code=123456", FORM_TYPE), "unsupported_media_type"],
  ])("%s", (_what, read, code) => {
    const answer = codeOf(read);
    if (code === "ok") expect(answer).toMatchObject({ flowId: FLOW, send: { path: `/self-service/${at}` } });
    else expect(answer).toBe(code);
  });

  test("whatever is sent, Kratos gets what was read", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.webQueryParameters(), (body, query) => {
        const read = codeOf(() => post(`verification?${query}`, body));
        if (typeof read === "string") return;
        expect(read).toMatchObject({ kind: "verification" });
        const { send, email } = read as NonNullable<ReturnType<typeof post>>;
        const sent = JSON.parse(String(send.body)) as { email?: string };
        expect(sent.email || null).toBe(email);
        expect(send.path).toMatch(/^\/self-service\/verification(\?flow=[0-9a-f-]{36})?$/);
      }),
    );
  });
});
