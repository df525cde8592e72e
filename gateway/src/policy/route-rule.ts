/** What a signed-in person has to bring. */
export type SessionNeeds = {
  readonly kind: "session";
  readonly verified: boolean;
  readonly aal2: boolean;
  readonly passkey: boolean;
  /** Milliseconds since the sign-in at most; null: however long ago. */
  readonly fresh: number | null;
  /** One of these; empty: any person. */
  readonly roles: readonly string[];
};

/** Who may pass: anyone, nobody, or people with a session that has what is needed. */
export type RouteAccess = { readonly kind: "public" } | { readonly kind: "deny" } | SessionNeeds;

/** The path of a rule, normalised as requests are (request-target.ts). A prefix ends at a segment's end. */
export type PathPattern =
  | { readonly kind: "prefix"; readonly path: string }
  | { readonly kind: "exact"; readonly path: string }
  | { readonly kind: "regex"; readonly source: string; readonly test: (path: string) => boolean };

export type RouteUpstream = {
  readonly url: URL;
  /** Milliseconds until the answer's headers. */
  readonly timeout: number;
  /** Milliseconds of silence in both directions once the answer has begun. */
  readonly idleTimeout: number;
};

export type RouteRateLimit = {
  readonly requests: number;
  /** Seconds. */
  readonly seconds: number;
  /** "identity": by person, and by address where nobody is signed in. */
  readonly by: "address" | "identity";
};

/** One rule of gateway.yml: which requests it is for, who may pass, and where they go. */
export type RouteRule = {
  readonly name: string;
  /** Line in gateway.yml; null for the gateway's own. */
  readonly line: number | null;
  /** Host names, without port, or `*.example.com` for one label more; empty: every host. */
  readonly hosts: readonly string[];
  /** Upper case; empty: every method. */
  readonly methods: readonly string[];
  readonly path: PathPattern;
  readonly access: RouteAccess;
  readonly upstream: RouteUpstream;
  /** Of the identity token; null: PUBLIC_URL. */
  readonly audience: string | null;
  /** Bytes; null: any length. */
  readonly bodyLimit: number | null;
  readonly rateLimit: RouteRateLimit | null;
};

/** The rules in their order: the first that matches counts. */
export type RouteRules = {
  readonly rules: readonly RouteRule[];
  /** Paths are compared without regard to upper and lower case, as some upstreams do. */
  readonly ignoreCase: boolean;
};

/** A session, and nothing more. */
export const ANY_SESSION: SessionNeeds = {
  kind: "session",
  verified: false,
  aal2: false,
  passkey: false,
  fresh: null,
  roles: [],
};
