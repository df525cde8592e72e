import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import express from "express";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { findGo } from "../../scripts/parts/go-program.ts";
import { systemClock } from "../src/clock.ts";
import { createJwksRoute } from "../src/http/jwks-route.ts";
import { createIdentityTokens, type IdentityTokenKeys } from "../src/upstream/identity-token.ts";
import { unifiedSession } from "./support/unified-session.ts";

const run = promisify(execFile);
const DOC = readFileSync(join(import.meta.dirname, "../../docs/identity-token.md"), "utf8");
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "passbridge/snippets");
const DOWNLOAD = 240_000;

/** The document's program in a language, as it stands there. */
function snippet(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(DOC) ?? [];
  if (!code) throw new Error(`the document has no program in ${language}`);
  return code;
}

let server: Server;
let gateway: string;
let keys: IdentityTokenKeys;
let folder: string;
/** Tokens by what is wrong with them; the good one first. */
let tokens: readonly (readonly [name: string, token: string])[];

async function makeTokens() {
  const publicUrl = new URL(gateway);
  const good = await createIdentityTokens({ publicUrl, keys: () => keys, clock: systemClock }).tokenFor(
    unifiedSession(),
  );
  const tokensOf = (url: string, own = keys) =>
    createIdentityTokens({ publicUrl: new URL(url), keys: () => own, clock: systemClock }).tokenFor(unifiedSession());
  const { privateKey } = await generateKeyPair("ES256");
  const [head, body, signature] = good.split(".") as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: "mallory" })).toString("base64url");
  const signed = (payload: object) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg: "ES256", kid: "key-1" }).sign(keys.signing.privateKey);
  tokens = [
    ["good", good],
    ["changed", [head, changed, signature].join(".")],
    ["another issuer and audience", await tokensOf("https://elsewhere.example")],
    ["another audience", await signed({ ...claims, aud: "https://elsewhere.example" })],
    ["another issuer", await signed({ ...claims, iss: "https://elsewhere.example" })],
    ["another key", await tokensOf(gateway, { ...keys, signing: { kid: "key-1", privateKey } })],
    ["over", await signed({ ...claims, nbf: 1, iat: 1, exp: 2 })],
    ["without an end", await signed({ ...claims, exp: undefined })],
    ["unsigned", new UnsecuredJWT(claims).encode()],
    ["no token", "remote-user"],
  ];
}

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const published = { ...(await exportJWK(publicKey)), kid: "key-1", alg: "ES256", use: "sig" };
  keys = { signing: { kid: "key-1", privateKey }, jwks: { keys: [published] } };
  server = createServer(
    express().get(
      "/.well-known/jwks.json",
      createJwksRoute(() => keys),
    ),
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), "passbridge-snippets-"));
  await makeTokens();
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program that prints, for each of its arguments, the subject it read there or "refused". */
async function expectOnlyTheGood(program: string, words: readonly string[], cwd = folder, env = {}) {
  const environment = { ...process.env, GATEWAY: gateway, ...env };
  const { stdout } = await run(program, [...words, ...tokens.map(([, token]) => token)], { cwd, env: environment });
  const said = stdout.trim().split("\n");
  const expected = tokens.map(([name]) => [name, name === "good" ? unifiedSession().identity.id : "refused"]);
  expect(tokens.map(([name], at) => [name, said[at]])).toEqual(expected);
}

/** Runs it where its libraries can be had; else the reason is the test's. */
async function orSkip(context: TestContext, missing: string, prepare: () => Promise<unknown>): Promise<void> {
  const failed = await prepare().then(
    () => null,
    (error: Error) => error,
  );
  if (failed) context.skip(`${missing}: ${failed.message.split("\n", 1)[0]}`);
}

describe("the programs of docs/identity-token.md take the good token and no other", () => {
  it("Node", async () => {
    const main = `for (const token of process.argv.slice(2)) {
      console.log(await identityOf(token).then(({ sub }) => sub, () => "refused"));
    }`;
    const file = join(import.meta.dirname, `.snippet-${process.pid}.mjs`);
    writeFileSync(file, `${snippet("js")}\n${main}\n`);
    await expectOnlyTheGood(process.execPath, [file]).finally(() => rmSync(file));
  });

  it("Python", { timeout: DOWNLOAD }, async (context) => {
    const packages = join(CACHE, "python");
    const env = { PYTHONPATH: packages };
    const pip = ["-m", "pip", "install", "--quiet", "--target", packages, "PyJWT[crypto]==2.10.1"];
    const has = () => run("python3", ["-c", "import jwt, cryptography"], { env: { ...process.env, ...env } });
    await orSkip(context, "PyJWT cannot be had here", () => has().catch(() => run("python3", pip).then(has)));
    const main = `import sys
for token in sys.argv[1:]:
    try:
        print(identity_of(token)["sub"])
    except jwt.PyJWTError:
        print("refused")`;
    writeFileSync(join(folder, "verify.py"), `${snippet("python")}\n\n${main}\n`);
    await expectOnlyTheGood("python3", ["verify.py"], folder, env);
  });

  it("Go", { timeout: DOWNLOAD }, async (context) => {
    const go = findGo();
    if (!go) return context.skip("there is no Go here: it is needed only until Kratos is built");
    const place = join(folder, "go");
    mkdirSync(join(place, "identity"), { recursive: true });
    writeFileSync(join(place, "identity/identity.go"), snippet("go"));
    writeFileSync(join(place, "go.mod"), "module example\n\ngo 1.21\n");
    writeFileSync(
      join(place, "main.go"),
      `package main
import ("context"; "fmt"; "os"; "example/identity")
func main() {
	verify, err := identity.NewVerifier(context.Background())
	if err != nil { panic(err) }
	for _, token := range os.Args[1:] {
		claims, err := verify(token)
		if err != nil { fmt.Println("refused") } else { fmt.Println(claims.Subject) }
	}
}
`,
    );
    const env = { ...process.env, GOFLAGS: "-mod=mod" };
    const modules = ["github.com/MicahParks/keyfunc/v3@v3.3.11", "github.com/golang-jwt/jwt/v5@v5.2.2"];
    await orSkip(context, "its modules cannot be had here", () => run(go, ["get", ...modules], { cwd: place, env }));
    await expectOnlyTheGood(go, ["run", "."], place, { GOFLAGS: "-mod=mod" });
  });
});
