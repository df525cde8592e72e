import { defaultUpstream } from "../../src/routes/default-rules.ts";
import { describeFinding } from "../../src/routes/finding.ts";
import { readRules } from "../../src/routes/read-rules.ts";

/** The upstream of the settings, in tests of a gateway.yml's text. */
export const STANDARD = defaultUpstream({ upstream: { url: new URL("http://app.test:3000"), timeout: 30_000 } });

export const read = (text: string) => readRules(text, STANDARD);

/** What there is to say about a file called f, a line each. */
export const told = (text: string) => read(text).findings.map((finding) => describeFinding("f", finding));

/** A file whose one rule has these lines; they begin in line 4. */
export const withRule = (...lines: string[]) =>
  ["version: 1", "rules:", "  - name: one", ...lines.map((line) => `    ${line}`)].join("\n");

export const PATH = "path: { prefix: / }";
export const SESSION = "require: session";

/** A file with every kind of member. */
export const EVERYTHING = `version: 1
upstreams:
  reports: { url: "https://reports.test/base", timeout: 60s, idle_timeout: 10m }
rules:
  - name: assets
    path: { prefix: /assets }
    methods: [GET]
    require: public
  - name: admin
    hosts: [app.example.com, "*.apps.example.com"]
    path: { regex: "/admin/[0-9]+" }
    require: [verified, aal2, passkey, { fresh: 15m }, { roles: [admin, auditor] }]
    upstream: reports
    timeout: 10
    body_limit: 10MB
    rate_limit: { requests: 100, per: 1m }
    audience: https://admin.example.com
  - name: closed
    path: { exact: /closed }
    require: deny
    rate_limit: { requests: 1, per: 5s, by: address }
  - name: rest
    path: { prefix: / }
    require: session
`;
