import type { IdentityReport } from "../server/identity-report.ts";
import type { TokenCheck } from "../server/identity-token.ts";
import { Panel, type Row, ValueTable } from "./parts.tsx";
import { FAULTS, fill, TEXTS } from "./texts.ts";

/** The identity headers as they arrived. */
export function HeadersPanel({ headers }: Pick<IdentityReport, "headers">) {
  return (
    <Panel title={TEXTS.headersTitle} lead={TEXTS.headersLead}>
      {headers.length === 0 ? (
        <p>{TEXTS.headersNone}</p>
      ) : (
        <ValueTable
          caption={TEXTS.headersTitle}
          heads={[TEXTS.headerName, TEXTS.headerValue]}
          rows={headers.map(({ name, value }) => ({ name, value }))}
        />
      )}
    </Panel>
  );
}

const TIMES = ["auth_time", "iat", "nbf", "exp"];

function claimRow([name, value]: [string, unknown]): Row {
  if (TIMES.includes(name) && typeof value === "number") {
    return { name, value: `${value} (${new Date(value * 1000).toLocaleTimeString()})` };
  }
  return { name, value: typeof value === "string" ? value : JSON.stringify(value) };
}

function verdict(token: TokenCheck): { readonly tone: "good" | "bad"; readonly sign: string; readonly lead: string } {
  if (token.kind === "verified")
    return { tone: "good", sign: `✓ ${TEXTS.tokenVerified}`, lead: TEXTS.tokenVerifiedLead };
  if (token.kind === "missing") return { tone: "bad", sign: `✗ ${TEXTS.tokenMissing}`, lead: TEXTS.tokenMissingLead };
  const lead = fill(FAULTS[token.fault], { claim: token.claim ?? "" });
  return { tone: "bad", sign: `✗ ${TEXTS.tokenRefused}`, lead };
}

/** The identity token: green only when it was verified, with the reason otherwise. */
export function TokenPanel({ token }: Pick<IdentityReport, "token">) {
  const { tone, sign, lead } = verdict(token);
  return (
    <Panel title={TEXTS.tokenTitle}>
      <p className="verdict">
        <span className={`seal seal--${tone}`}>{sign}</span> {lead}
      </p>
      {token.kind === "verified" && (
        <ValueTable
          caption={TEXTS.tokenTitle}
          heads={[TEXTS.claim, TEXTS.headerValue]}
          rows={Object.entries(token.claims).map(claimRow)}
        />
      )}
    </Panel>
  );
}
