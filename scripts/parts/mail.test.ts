import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findFreePort } from "../free-port.ts";
import { mailpitSettings, planMail } from "./mail.ts";
import { createPart } from "./part.ts";

/** Answers as Mailpit does, where Mailpit's variables say, and tells what it was given. */
const STAND_IN = `#!/usr/bin/env node
const { createServer } = require("node:http");
const [host, port] = process.env.MP_UI_BIND_ADDR.split(":");
const given = Object.entries(process.env).filter(([name]) => name.startsWith("MP_"));
createServer((request, response) => {
  response.writeHead(["/readyz", "/given"].includes(request.url) ? 200 : 404);
  response.end(JSON.stringify({ args: process.argv.slice(2), env: Object.fromEntries(given) }));
}).listen(Number(port), host);
`;

describe("planMail", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "passbridge-mail-"));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it("starts the Mailpit on PATH with its settings file, on its own ports of the loopback address", async () => {
    await writeFile(join(folder, "mailpit"), STAND_IN, { mode: 0o755 });
    vi.stubEnv("PATH", `${folder}:${dirname(process.execPath)}:${process.env.PATH}`);
    const [smtpPort, uiPort] = [await findFreePort(), await findFreePort()];
    const part = createPart(planMail({ smtpPort, uiPort }), join(folder, "mailpit.log"));
    await part.start();
    try {
      const given = await (await fetch(`http://127.0.0.1:${uiPort}/given`)).json();
      const own = { MP_SMTP_BIND_ADDR: `127.0.0.1:${smtpPort}`, MP_UI_BIND_ADDR: `127.0.0.1:${uiPort}` };
      expect(given).toEqual({ args: [], env: { ...mailpitSettings(), ...own } });
    } finally {
      await part.stop();
    }
  });

  it("lets maildev stand in where there is none, keeping as many mails", () => {
    vi.stubEnv("PATH", folder);
    const { command, args, env } = planMail({ smtpPort: 1, uiPort: 2 });
    expect(command).toBe(process.execPath);
    expect(args.join(" ")).toMatch(/maildev\.js --smtp 1 --ip 127\.0\.0\.1 --web 2 --web-ip 127\.0\.0\.1/);
    expect(args.join(" ")).toContain(`--max-emails ${mailpitSettings().MP_MAX_MESSAGES}`);
    expect(Object.keys(env).filter((name) => name.startsWith("MP_"))).toEqual([]);
  });
});
