import { useSession } from "@passbridge/client/react";
import type { ReactNode } from "react";
import type { IdentityReport } from "../server/identity-report.ts";
import { HeadersPanel, TokenPanel } from "./evidence-panels.tsx";
import { LivePanel } from "./live-panel.tsx";
import { HowPanel, WhoPanel } from "./person-panels.tsx";
import { SessionBar } from "./session-bar.tsx";
import { TEXTS } from "./texts.ts";
import { type IdentityState, useIdentity } from "./use-identity.ts";

const SIGN_IN = "/login?return_to=%2F";

function Layout({ bar, children }: { bar?: ReactNode; children: ReactNode }) {
  return (
    <>
      <header className="mast">
        <div className="mast__inner">
          <div>
            <h1>{TEXTS.name}</h1>
            <p>{TEXTS.tagline}</p>
          </div>
          {bar}
        </div>
      </header>
      <main>{children}</main>
    </>
  );
}

function SignedOut() {
  return (
    <section className="panel panel--loud">
      <h2>{TEXTS.signedOut}</h2>
      <p>{TEXTS.signedOutLead}</p>
      <p>
        <a className="button" href={SIGN_IN}>
          {TEXTS.signIn}
        </a>
      </p>
    </section>
  );
}

/** For a person the gateway proved. Their data goes with their session, wherever it was ended. */
function Proved({ report }: { report: IdentityReport }) {
  const { status } = useSession();
  if (status === "anonymous") {
    return (
      <Layout>
        <SignedOut />
      </Layout>
    );
  }
  return (
    <Layout bar={<SessionBar />}>
      <div className="board">
        <WhoPanel report={report} />
        <HowPanel report={report} />
        <TokenPanel token={report.token} />
        <HeadersPanel headers={report.headers} />
        <LivePanel />
      </div>
    </Layout>
  );
}

/** For everybody else, told why nothing is believed. */
function Unproved({ report }: { report: IdentityReport }) {
  const direct = report.arrival === "direct";
  return (
    <Layout>
      <div className="board">
        <section className="panel panel--loud">
          <h2>{direct ? TEXTS.directTitle : TEXTS.doubtfulTitle}</h2>
          <p>{direct ? TEXTS.directLead : TEXTS.doubtfulLead}</p>
          <p>
            <a className="button" href={report.public_url}>
              {TEXTS.directAction}
            </a>
          </p>
        </section>
        <TokenPanel token={report.token} />
        <HeadersPanel headers={report.headers} />
        <LivePanel />
      </div>
    </Layout>
  );
}

function Failed({ reload }: { reload: () => void }) {
  return (
    <section className="panel panel--loud" role="alert">
      <p>{TEXTS.loadFailed}</p>
      <p>
        <button type="button" className="button" onClick={reload}>
          {TEXTS.again}
        </button>
      </p>
    </section>
  );
}

function Waiting({ state, reload }: { state: IdentityState; reload: () => void }) {
  return <Layout>{state.kind === "failed" ? <Failed reload={reload} /> : <p role="status">{TEXTS.loading}</p>}</Layout>;
}

/** The sample application. */
export function App() {
  const { state, reload } = useIdentity();
  if (state.kind !== "known") return <Waiting state={state} reload={reload} />;
  return state.report.arrival === "gateway" ? <Proved report={state.report} /> : <Unproved report={state.report} />;
}
