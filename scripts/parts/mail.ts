import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CHECKOUT } from "../checkout.ts";
import { findProgram } from "./find-program.ts";
import { checkHttp } from "./http-check.ts";
import type { PartPlan } from "./part.ts";

export type MailOptions = { readonly smtpPort: number; readonly uiPort: number };

type Catcher = Pick<PartPlan, "command" | "args" | "env"> & { readonly healthPath: string };

/** Where Kratos hands in its mails: plain text on the loopback address, hence no STARTTLS. */
export function smtpUrl(options: Pick<MailOptions, "smtpPort">): string {
  return `smtp://127.0.0.1:${options.smtpPort}/?disable_starttls=true`;
}

/** Mailpit's settings as compose gives them to its container: mailpit/mailpit.env. */
export function mailpitSettings(): Readonly<Record<string, string | undefined>> {
  return parseEnv(readFileSync(join(CHECKOUT, "mailpit/mailpit.env"), "utf8"));
}

/** By environment alone: an older Mailpit refuses to start with an option it does not know, but not with a variable. */
function mailpit(command: string, { smtpPort, uiPort }: MailOptions): Catcher {
  const addresses = { MP_SMTP_BIND_ADDR: `127.0.0.1:${smtpPort}`, MP_UI_BIND_ADDR: `127.0.0.1:${uiPort}` };
  return { command, args: [], env: { ...mailpitSettings(), ...addresses }, healthPath: "/readyz" };
}

function maildev({ smtpPort, uiPort }: MailOptions): Catcher {
  const entry = join(CHECKOUT, "node_modules/maildev/dist/bin/maildev.js");
  const smtp = ["--smtp", String(smtpPort), "--ip", "127.0.0.1"];
  const web = ["--web", String(uiPort), "--web-ip", "127.0.0.1"];
  const { MP_MAX_MESSAGES } = mailpitSettings();
  const limit = MP_MAX_MESSAGES === undefined ? [] : ["--max-emails", MP_MAX_MESSAGES];
  const args = [entry, ...smtp, ...web, ...limit];
  return { command: process.execPath, args, env: { NODE_ENV: "production" }, healthPath: "/api/healthz" };
}

/** A mail catcher with an inbox to look at: Mailpit when it is installed, else its stand-in maildev. Nothing leaves the machine. */
export function planMail(options: MailOptions): PartPlan {
  const program = findProgram("mailpit");
  const { command, args, env, healthPath } = program ? mailpit(program, options) : maildev(options);
  return {
    name: "mailpit",
    command,
    args,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    readyTimeout: 30_000,
    check: () => checkHttp(`http://127.0.0.1:${options.uiPort}${healthPath}`),
  };
}
