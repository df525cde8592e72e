import { z } from "zod";
import { Problem } from "../errors.ts";
import { namedAddresses } from "./named-addresses.ts";

/** A submission to one of Kratos' self-service flows, as the gateway understood it. */
export type FlowSubmission = {
  readonly kind: "login" | "registration" | "settings" | "verification" | "recovery";
  /** Null when the address names none. */
  readonly flowId: string | null;
  /** The address a code is to be mailed to. */
  readonly email: string | null;
  readonly code: boolean;
  /** The identifier of a sign-in by password, as typed; null for anything else. */
  readonly signsIn: string | null;
  /** Addresses that Kratos may send a mail to because of it. */
  readonly mailsTo: readonly string[];
  /** What Kratos is sent instead of the client's own, so that both read the same. */
  readonly send: { readonly path: string; readonly body: Buffer | null; readonly asJson: boolean };
};

type Call = {
  readonly method: string;
  /** Path and query, checked by kratosPath. */
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: Buffer | null;
};

const SUBMIT = /^\/self-service\/(login|registration|settings|verification|recovery)\/?$/;
/** As Kratos writes it; it would read other forms as well. */
const FLOW_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Kratos takes the names of members in any case. */
const MEMBER = /^[a-z0-9_.]+$/;
/** The flows in which a mailed code proves an address, and the member that says where it is mailed to. */
const MAILING = { login: "identifier", verification: "email", recovery: "email" } as const;

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

const invalid = (detail: string) => new Problem("invalid_request", { detail });

function flowIdOf(query: URLSearchParams): string | null {
  const ids = query.getAll("flow");
  if (ids.length > 1) throw invalid("There is more than one flow.");
  const [id = null] = ids;
  if (id !== null && !FLOW_ID.test(id)) throw new Problem("not_found");
  return id;
}

function parseJson(body: Buffer): [string, unknown][] {
  try {
    return Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString("utf8"))));
  } catch (cause) {
    throw new Problem("invalid_request", { cause });
  }
}

type Form = { readonly members: ReadonlyMap<string, unknown>; readonly encoded: Buffer; readonly asJson: boolean };

/** The body's members, and the body that says just these. */
function readForm({ contentType = "", body }: Call): Form {
  const asJson = !FORM.test(contentType);
  if (asJson && body?.length && !JSON_TYPE.test(contentType)) throw new Problem("unsupported_media_type");
  const entries = asJson
    ? parseJson(body?.length ? body : Buffer.from("{}"))
    : [...new URLSearchParams(String(body ?? ""))];
  const members = new Map(entries);
  const names = [...members.keys()];
  if (names.length < entries.length || names.some((name) => !MEMBER.test(name))) {
    throw invalid("The body has a member twice, or one that is not known.");
  }
  const fields = Object.fromEntries(members);
  const encoded = asJson ? JSON.stringify(fields) : String(new URLSearchParams(fields as Record<string, string>));
  return { members, encoded: Buffer.from(encoded), asJson };
}

function textOf(members: ReadonlyMap<string, unknown>, name: string): string {
  const value = members.get(name) ?? "";
  if (typeof value !== "string" || (name !== "code" && /[\s\p{Cc}]/u.test(value)))
    throw invalid(`${name} is not valid.`);
  return value;
}

/** The identifier, by whichever of its two names Kratos reads it (the second is its older one). */
function signInBy(members: ReadonlyMap<string, unknown>): string | null {
  if (members.get("method") !== "password") return null;
  const [identifier = ""] = [members.get("identifier"), members.get("password_identifier")].filter(Boolean);
  if (typeof identifier !== "string") throw invalid("identifier is not valid.");
  return identifier;
}

/** Other members and parameters of such a submission are left out or rewritten: what was not read is not sent. */
function readMailing(kind: keyof typeof MAILING, flowId: string | null, call: Call): FlowSubmission {
  // Of an answer in HTML nobody could tell whether the code was right.
  if (kind === "verification" && FORM.test(call.contentType ?? "")) throw new Problem("unsupported_media_type");
  const { members, encoded, asJson } = readForm(call);
  const mailsCode = kind !== "login" || members.get("method") === "code" || members.has("code");
  const email = mailsCode ? textOf(members, MAILING[kind]) : "";
  const path = `/self-service/${kind}${flowId === null ? "" : `?flow=${flowId}`}`;
  const code = textOf(members, "code") !== "";
  // Recovery and verification mail whenever an address is there; a sign-in by code unless it brings the code.
  const mails = email !== "" && (kind !== "login" || !code || members.has("resend"));
  return {
    kind,
    flowId,
    email: email === "" ? null : email,
    code,
    signsIn: kind === "login" ? signInBy(members) : null,
    mailsTo: mails ? [email] : [],
    send: { path, body: encoded, asJson },
  };
}

/**
 * Reads what is submitted to a flow of Kratos that can mail a code, take one, or begin a flow that does. A mail's link is
 * none of these: Kratos fills the code in for the person to send.
 * @returns null for any other call.
 * @throws Problem invalid_request, unsupported_media_type or not_found for what two parsers could read differently.
 */
export function readSubmission(call: Call): FlowSubmission | null {
  const end = call.path.indexOf("?");
  const raw = end === -1 ? call.path : call.path.slice(0, end);
  const kind = SUBMIT.exec(decodeURIComponent(raw))?.[1] as FlowSubmission["kind"] | undefined;
  if (!kind || call.method !== "POST") return null;
  const flowId = flowIdOf(new URLSearchParams(end === -1 ? "" : call.path.slice(end)));
  if (kind === "registration" || kind === "settings") {
    const mailsTo = namedAddresses(call.contentType, call.body);
    const send = { path: call.path, body: call.body, asJson: false };
    return { kind, flowId, email: null, code: false, signsIn: null, mailsTo, send };
  }
  return readMailing(kind, flowId, call);
}
