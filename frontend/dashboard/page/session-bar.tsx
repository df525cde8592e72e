import { createClient } from "@passbridge/client";
import { useSession } from "@passbridge/client/react";
import { useState } from "react";
import { TEXTS } from "./texts.ts";

const client = createClient();

/** Who is signed in, the way to the account, and the way out; kept up to date by the session's own poll. */
export function SessionBar() {
  const { session, stale, refresh } = useSession();
  const [leaving, setLeaving] = useState<"no" | "busy" | "failed">("no");

  async function signOut(): Promise<void> {
    if (leaving === "busy") return;
    setLeaving("busy");
    try {
      await client.logout();
      await refresh();
      location.assign("/login");
    } catch {
      setLeaving("failed");
    }
  }

  return (
    <div className="session">
      {session && <span className="session__who">{session.identity.email}</span>}
      <a className="button" href="/account">
        {TEXTS.account}
      </a>
      <button type="button" className="button" aria-busy={leaving === "busy"} onClick={() => void signOut()}>
        {leaving === "busy" ? TEXTS.signingOut : TEXTS.signOut}
      </button>
      <div role="status" className="session__news">
        {stale && <p>{TEXTS.stale}</p>}
        {leaving === "failed" && <p>{TEXTS.signOutFailed}</p>}
      </div>
    </div>
  );
}
