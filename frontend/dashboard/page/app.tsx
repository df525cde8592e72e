import { useSession } from "@passbridge/client/react";
import type { ReactNode } from "react";
import { type Area, areaOf } from "../server/areas.ts";
import type { IdentityReport } from "../server/identity-report.ts";
import { AreaPanel, AreasPanel, NobodyPanel } from "./areas-panel.tsx";
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
function Proved({ report, area }: { report: IdentityReport; area: Area | null }) {
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
        {area && <AreaPanel area={area} />}
        <WhoPanel report={report} />
        <HowPanel report={report} />
        <TokenPanel token={report.token} />
        <HeadersPanel headers={report.headers} />
        {area ? null : <AreasPanel />}
        {area ? null : <LivePanel />}
      </div>
    </Layout>
  );
}

/** For a page that is open to anyone, where no identity came along. */
function Open({ report, area }: { report: IdentityReport; area: Area }) {
  return (
    <Layout>
      <div className="board">
        <AreaPanel area={area} />
        <NobodyPanel />
        <HeadersPanel headers={report.headers} />
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

/** The page was let in, and its call is not any more: time went by, or a session ended. */
function Needed({ url }: { url: string }) {
  return (
    <section className="panel panel--loud">
      <h2>{TEXTS.neededTitle}</h2>
      <p>{TEXTS.neededLead}</p>
      <p>
        <a className="button" href={url}>
          {TEXTS.needed}
        </a>
      </p>
    </section>
  );
}

function Waiting({ state, reload }: { state: IdentityState; reload: () => void }) {
  if (state.kind === "needed")
    return (
      <Layout>
        <Needed url={state.url} />
      </Layout>
    );
  return <Layout>{state.kind === "failed" ? <Failed reload={reload} /> : <p role="status">{TEXTS.loading}</p>}</Layout>;
}

/** The sample application. */
export function App() {
  const { state, reload } = useIdentity();
  if (state.kind !== "known") return <Waiting state={state} reload={reload} />;
  const { report } = state;
  const area = areaOf(location.pathname);
  if (report.arrival === "gateway") return <Proved report={report} area={area} />;
  if (report.arrival === "direct" && area === "public") return <Open report={report} area={area} />;
  return <Unproved report={report} />;
}
