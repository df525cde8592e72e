import { type SessionState, useSession } from "@passbridge/client/react";
import type { IdentityReport } from "../server/identity-report.ts";
import { Facts, Panel } from "./parts.tsx";
import { ASSURANCE, fill, METHODS, PROOFS, TEXTS } from "./texts.ts";

const time = (value: string | number) =>
  new Date(value).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

function headerOf(report: IdentityReport, name: string): string | undefined {
  return report.headers.find((header) => header.name === name)?.value;
}

/** The person, from what the gateway proved. */
export function WhoPanel({ report }: { report: IdentityReport }) {
  const { token } = report;
  const claims = token.kind === "verified" ? token.claims : {};
  const email = String(claims.email ?? "");
  const name = headerOf(report, "Remote-Name");
  const confirmed = claims.email_verified === true ? TEXTS.emailVerified : TEXTS.emailUnverified;
  return (
    <Panel title={TEXTS.whoTitle}>
      <p className="greeting">{fill(TEXTS.hello, { name: name ?? email })}</p>
      <Facts
        facts={[
          [TEXTS.email, `${email} (${confirmed})`],
          [TEXTS.personName, name ?? TEXTS.noName],
          [TEXTS.roles, headerOf(report, "Remote-Groups")?.replaceAll(",", ", ") ?? TEXTS.noRoles],
          [TEXTS.identityId, <code key="id">{claims.sub}</code>],
        ]}
      />
    </Panel>
  );
}

type Session = NonNullable<SessionState["session"]>;

function liveSessions({ sessions }: Session): string {
  const kinds = [sessions.passkey && TEXTS.sessionPasskey, sessions.password && TEXTS.sessionPassword];
  return kinds.filter(Boolean).join(", ");
}

function sessionFacts(session: Session): ReadonlyArray<readonly [string, string]> {
  return [
    [TEXTS.until, time(session.expires_at)],
    [TEXTS.liveSessions, liveSessions(session)],
    [TEXTS.passkeys, session.passkeys.count === null ? TEXTS.unknown : String(session.passkeys.count)],
  ];
}

const words = (values: readonly string[], known: Readonly<Record<string, string>>) =>
  values.map((value) => known[value] ?? value).join(", ");

/** The sign-in: from the session while it is known, from the token's claims otherwise. */
export function HowPanel({ report }: { report: IdentityReport }) {
  const { session } = useSession();
  const claims = report.token.kind === "verified" ? report.token.claims : {};
  const methods = session?.methods ?? [headerOf(report, "X-Auth-Method") ?? ""];
  const proofs = Array.isArray(claims.amr) ? claims.amr.map(String) : [];
  return (
    <Panel title={TEXTS.howTitle}>
      <Facts
        facts={[
          [TEXTS.method, words(methods, METHODS)],
          [TEXTS.aal, words([session?.aal ?? String(claims.acr)], ASSURANCE)],
          [TEXTS.amr, words(session?.amr ?? proofs, PROOFS)],
          [TEXTS.since, time(session?.authenticated_at ?? Number(claims.auth_time) * 1000)],
          ...(session ? sessionFacts(session) : []),
        ]}
      />
    </Panel>
  );
}
