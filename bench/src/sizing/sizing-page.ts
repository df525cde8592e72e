import { z } from "zod";
import { withMarkedPart } from "../marked-part.ts";
import type { Result } from "../report.ts";
import { type Rates, type Size, sizeOf } from "./size.ts";

const MADE_BY = "npm run docs -w bench, from docs/sizing.json and docs/bench.json";
const IDENTITIES = [1_000_000, 100_000_000];

const positive = z.number().positive();
const share = positive.max(1);

const inputs = z.strictObject({
  measured: z.strictObject({
    redis_bytes_per_session: positive,
    redis_bytes_per_challenge: positive,
    gateway_bytes_per_person: positive,
    kratos_bytes_per_person: positive,
    kratos_calls_per_password_user_per_minute: positive,
    kratos_calls_per_passkey_user_per_minute: positive,
  }),
  assumed: z.strictObject({
    active_share: share,
    session_share: share,
    passkey_share: share,
    requests_per_active_person_per_minute: positive,
    sign_ins_per_identity_per_day: positive,
    peak_factor: positive,
    utilisation: share,
  }),
});

/** @throws Error when the run has not measured what is needed. */
function ratesIn(results: readonly Result[]): Rates {
  const proxied = results.find(({ name }) => name === "proxied 2 kB page, passkey session");
  const password = results.find(({ name }) => name === "session check, password session");
  const whoami =
    password && "baselines" in password ? password.baselines.find(({ name }) => name === "Kratos whoami") : undefined;
  if (!proxied || !("gateway" in proxied) || !whoami) throw new Error("The run has no proxied page, or no whoami");
  return { proxied: proxied.gateway.rate.median, whoami: whoami.rate.median };
}

const count = (value: number) => Math.round(value).toLocaleString("en");

function bytes(value: number): string {
  const [unit, size] = value >= 1e9 ? (["GB", 1e9] as const) : (["MB", 1e6] as const);
  return `${Number((value / size).toPrecision(2)).toLocaleString("en")} ${unit}`;
}

const ROWS: readonly (readonly [string, (size: Size) => string])[] = [
  ["identities", ({ identities }) => count(identities)],
  ["requests a second at the peak", ({ requests }) => count(requests)],
  ["gateway processes, two of them spare", ({ gateways }) => count(gateways)],
  ["Redis: sessions and challenges", ({ redisBytes }) => bytes(redisBytes)],
  ["PostgreSQL, the gateway's database", ({ gatewayBytes }) => bytes(gatewayBytes)],
  ["PostgreSQL, Kratos' database", ({ kratosBytes }) => bytes(kratosBytes)],
  ["calls to Kratos a second, requests spread over all replicas", ({ kratosCalls }) => count(kratosCalls)],
  ["the same, a person's requests to one replica", ({ kratosCallsSticky }) => count(kratosCallsSticky)],
  ["Kratos processes for the former, two of them spare", ({ kratosProcesses }) => count(kratosProcesses)],
];

/**
 * The page with what was measured, what is assumed and what follows between its markers.
 * @param json docs/sizing.json.
 */
export function sizingPageWith(page: string, json: string, results: readonly Result[]): string {
  const { measured, assumed } = inputs.parse(JSON.parse(json));
  const rates = ratesIn(results);
  const sizes = IDENTITIES.map((identities) => sizeOf(identities, measured, assumed, rates));
  const words = (values: object) =>
    Object.entries(values).map(
      ([name, value]) => `| ${name.replaceAll("_", " ")} | ${Number(value).toLocaleString("en")} |`,
    );
  const text = [
    "| measured | |",
    "| --- | ---: |",
    ...words({ ...measured, proxied_pages_a_second_by_one_process: Math.round(rates.proxied) }),
    ...words({ whoami_a_second_by_one_Kratos: Math.round(rates.whoami) }),
    "",
    "| assumed | |",
    "| --- | ---: |",
    ...words(assumed),
    "",
    `| it follows | ${IDENTITIES.map((value) => `${value / 1e6} M`).join(" | ")} |`,
    "| --- | ---: | ---: |",
    ...ROWS.map(([name, of]) => `| ${name} | ${sizes.map(of).join(" | ")} |`),
  ];
  return withMarkedPart(page, MADE_BY, text.join("\n"));
}
