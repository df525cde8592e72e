import type { TextKey } from "../texts.ts";

export type ErrorWords = { readonly title: TextKey; readonly lead: TextKey; readonly action: "start" | "sign-in" };

const GENERAL: ErrorWords = { title: "error.title", lead: "error.lead", action: "start" };
const EXPIRED: ErrorWords = { title: "error.expired_title", lead: "error.expired_lead", action: "sign-in" };
const FORBIDDEN: ErrorWords = { title: "error.forbidden_title", lead: "error.forbidden_lead", action: "start" };
const UNAVAILABLE: ErrorWords = { title: "error.unavailable_title", lead: "error.unavailable_lead", action: "start" };
const NOT_FOUND: ErrorWords = { title: "not_found.title", lead: "not_found.lead", action: "start" };

const BY_CODE: Readonly<Record<string, ErrorWords>> = {
  self_service_flow_expired: EXPIRED,
  security_csrf_violation: EXPIRED,
  challenge_invalid: EXPIRED,
  forbidden: FORBIDDEN,
  not_found: NOT_FOUND,
  upstream_unavailable: UNAVAILABLE,
  upstream_timeout: UNAVAILABLE,
  dependency_unavailable: UNAVAILABLE,
};
const BY_STATUS: Readonly<Record<number, ErrorWords>> = {
  403: FORBIDDEN,
  404: NOT_FOUND,
  410: EXPIRED,
  503: UNAVAILABLE,
};

/** The words for an error, by its code or else its HTTP status. */
export function errorWords(code: string | null, status: number | null): ErrorWords {
  return (code !== null && BY_CODE[code]) || (status !== null && BY_STATUS[status]) || GENERAL;
}
