import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { mailpitSettings } from "../parts/mail.ts";
import { makeMissingSecrets } from "../settings.ts";
import { readCompose } from "./read-compose.ts";

const FILE = "mailpit/mailpit.env";
const { services } = readCompose("docker-compose.yml", makeMissingSecrets({}, {}));
const lines = readFileSync(join(CHECKOUT, FILE), "utf8").split("\n");
const assignments = lines.filter((line) => line !== "" && !line.startsWith("#"));

test("compose takes Mailpit's settings from the file the native start reads, and from nowhere else", () => {
  expect(services.mailpit?.env_file).toEqual([`./${FILE}`]);
  expect(services.mailpit).not.toHaveProperty("environment");
  const others = Object.entries(services).filter(([name]) => name !== "mailpit");
  for (const [name, service] of others) expect(service, name).not.toHaveProperty("env_file");
});

test("compose and Node read the file alike: a name and a bare value on each line", () => {
  for (const line of assignments) expect(line).toMatch(/^MP_[A-Z_]+=[\w.:]+$/);
  const pairs = assignments.map((line) => line.split(/=(.*)/s).slice(0, 2));
  expect(mailpitSettings()).toEqual(Object.fromEntries(pairs));
  expect(Object.keys(mailpitSettings())).toHaveLength(assignments.length);
});

test("every setting has a comment above its block", () => {
  const blocks = lines.join("\n").split(/\n{2,}/);
  for (const block of blocks) expect(block).toMatch(/^# /);
});

test("the container listens where compose publishes the inbox and mails are handed in", () => {
  const { MP_SMTP_BIND_ADDR, MP_UI_BIND_ADDR } = mailpitSettings();
  const [smtp = "", inbox = ""] = [MP_SMTP_BIND_ADDR, MP_UI_BIND_ADDR].map((address) => address?.split(":")[1]);
  expect([MP_SMTP_BIND_ADDR, MP_UI_BIND_ADDR]).toEqual([`0.0.0.0:${smtp}`, `0.0.0.0:${inbox}`]);
  expect(services.mailpit?.ports?.[0]).toMatch(new RegExp(`:${inbox}$`));
  const mailServers = [
    services.kratos?.environment?.COURIER_SMTP_CONNECTION_URI,
    services.gateway?.environment?.SMTP_URL,
  ];
  for (const url of mailServers) expect(url).toContain(`//mailpit:${smtp}/`);
});
