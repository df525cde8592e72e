import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import helmet from "helmet";
import type { Head } from "./plain-answers.ts";

/** HSTS counts for every port of a host: on a developer's machine it would take plain http from all else there. */
const LOCAL_HOST = /(^|\.)(localhost|test)$/;

const policy = (strict: boolean) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: strict && { maxAge: 31_536_000, includeSubDomains: false },
    referrerPolicy: { policy: "no-referrer" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });

export type SecurityHeaders = readonly (readonly [name: string, value: string])[];

/**
 * Headers of the gateway's own answers; what is proxied keeps the upstream's. No inline script or style anywhere.
 * They are the same for every answer: helmet is asked once.
 */
export function createSecurityHeaders(publicUrl: URL): SecurityHeaders {
  const strict = publicUrl.protocol === "https:" && !LOCAL_HOST.test(publicUrl.hostname);
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  const headers: [string, string][] = [];
  answer.setHeader = (name, value) => {
    headers.push([name, String(value)]);
    return answer;
  };
  policy(strict)(request, answer, () => undefined);
  return headers;
}

/** The head of an answer of the gateway's own about a session, which nobody may keep. */
export const ownHead = (headers: SecurityHeaders): Head => [...headers.flat(), "Cache-Control", "no-store"];

export function setHeaders(response: ServerResponse, headers: SecurityHeaders): void {
  for (const [name, value] of headers) response.setHeader(name, value);
}
