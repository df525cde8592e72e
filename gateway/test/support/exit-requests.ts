import fc from "fast-check";
import { STATES } from "./exit-people.ts";

/** A request as a browser, or somebody who is none, sends it to an application. */
export type ExitRequest = {
  readonly method: string;
  readonly host: string;
  /** Path and query as they are written. */
  readonly target: string;
  readonly state: (typeof STATES)[number];
  /** A cookie of the application's own beside the session's. */
  readonly appCookie: "none" | "before" | "after";
  readonly headers: Readonly<Record<string, string>>;
  readonly handshake: boolean;
};

const NAMES = [
  "denied",
  "public",
  "verified",
  "aal2",
  "passkey",
  "fresh",
  "roles",
  "staff",
  "forms",
  "exact",
  "users/7",
  "users/x",
  "app",
  "unknown",
  "login",
  "api/auth/session",
  ".well-known/jwks.json",
];

/** What parsers read in more than one way, and what they all read alike. */
const TRICKS = [
  "..",
  ".",
  "%2e%2e",
  "..;",
  "a%2fb",
  "a%5cb",
  "a\\b",
  "a%00",
  "a%0d%0ab",
  "a%",
  "a%zz",
  "%ff",
  "%c3%a9",
  "%61",
  "%7Eme",
  "a;v=1",
  ";x",
  "",
  "...",
  "a:b@c",
  "%25",
  "a#b",
];

const encoded = (name: string) => `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;

const segment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "page", "7", "index.html", "~me", "UPPER") },
  { weight: 1, arbitrary: fc.constantFrom(...TRICKS) },
);
const first = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...NAMES).map(encoded) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name) => `${name};v=1`) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name) => `/${name}`) },
  { weight: 1, arbitrary: segment },
);
const query = fc.constantFrom("", "", "?", "?a=b", "?next=%2F%2Fevil.test", "?a=/../b", "?a\\b", "?q=%");

const target = fc
  .tuple(first, fc.array(segment, { maxLength: 3 }), fc.boolean(), query)
  .map(([name, rest, slash, end]) => `/${[name, ...rest].join("/")}${slash ? "/" : ""}${end}`);

const PAGE = { "sec-fetch-mode": "navigate", accept: "text/html,*/*;q=0.8" };
const kind = fc.constantFrom<Readonly<Record<string, string>>>(
  PAGE,
  PAGE,
  { accept: "text/html" },
  { accept: "text/html;q=0, application/json" },
  { accept: "text/html", "sec-fetch-mode": "cors" },
  { accept: "application/json" },
  {},
);

/** What a client would like to be taken for. */
const spoofs = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  {},
  { "remote-user": "mallory", "x-auth-aal": "aal2" },
  { Remote_User: "mallory", "remote.email": "root@example.com", "x-identity-token": "e30.e30." },
  { "X-Auth-Request-User": "mallory", "x-forwarded-user": "mallory", X_Forwarded_Groups: "admin" },
  { "x-forwarded-for": "10.0.0.1", forwarded: "for=10.0.0.1;host=evil.test" },
  { "x-rewrite-url": "/public", "x-real-ip": "10.0.0.1" },
  { origin: "https://evil.test", "sec-fetch-site": "cross-site" },
  { origin: "http://api.example.test" },
);

const host = (own: string) =>
  fc.oneof(
    { weight: 10, arbitrary: fc.constant(own) },
    {
      weight: 3,
      arbitrary: fc.constantFrom("api.example.test", "API.Example.test.", "api.example.test:8443", "one.wild.test"),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("evil.test", "wild.test", "a.b.wild.test", "x@evil.test", "a..b", "[::1]:1"),
    },
  );

/** Requests of every kind the rules of exit-rules.ts and the exits tell apart. @param own PUBLIC_URL's host. */
export function exitRequest(own: string): fc.Arbitrary<ExitRequest> {
  return fc.record({
    method: fc.constantFrom(
      "GET",
      "GET",
      "GET",
      "POST",
      "PUT",
      "DELETE",
      "HEAD",
      "OPTIONS",
      "PATCH",
      "TRACE",
      "PROPFIND",
    ),
    host: host(own),
    target,
    state: fc.constantFrom(...STATES),
    appCookie: fc.constantFrom("none", "before", "after"),
    headers: fc.tuple(kind, spoofs).map(([one, other]) => ({ ...one, ...other })),
    handshake: fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
  });
}
