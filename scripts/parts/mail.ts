import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { findProgram } from "./find-program.ts";
import { checkHttp } from "./http-check.ts";
import type { PartPlan } from "./part.ts";

export type MailOptions = { readonly smtpPort: number; readonly uiPort: number };

/** Where Kratos hands in its mails: plain text on the loopback address, hence no STARTTLS. */
export function smtpUrl(options: Pick<MailOptions, "smtpPort">): string {
  return `smtp://127.0.0.1:${options.smtpPort}/?disable_starttls=true`;
}

function mailpitCommand(program: string, { smtpPort, uiPort }: MailOptions) {
  const args = ["--smtp", `127.0.0.1:${smtpPort}`, "--listen", `127.0.0.1:${uiPort}`, "--disable-version-check"];
  return { command: program, args, healthPath: "/readyz" };
}

function maildevCommand({ smtpPort, uiPort }: MailOptions) {
  const entry = join(CHECKOUT, "node_modules/maildev/dist/bin/maildev.js");
  const smtp = ["--smtp", String(smtpPort), "--ip", "127.0.0.1"];
  const web = ["--web", String(uiPort), "--web-ip", "127.0.0.1", "--max-emails", "500"];
  return { command: process.execPath, args: [entry, ...smtp, ...web], healthPath: "/api/healthz" };
}

/** A mail catcher with an inbox to look at: Mailpit when it is installed, else its stand-in maildev. Nothing leaves the machine. */
export function planMail(options: MailOptions): PartPlan {
  const mailpit = findProgram("mailpit");
  const { command, args, healthPath } = mailpit ? mailpitCommand(mailpit, options) : maildevCommand(options);
  return {
    name: "mailpit",
    command,
    args,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production" },
    readyTimeout: 30_000,
    check: () => checkHttp(`http://127.0.0.1:${options.uiPort}${healthPath}`),
  };
}
