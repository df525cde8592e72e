import type { AuthenticatedSession, ListedSession } from "@passbridge/client";
import { ThisDeviceIcon } from "../account/account-icons.tsx";
import { Button } from "../components/button.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { SessionFacts } from "./session-facts.tsx";
import { deviceWords, earliest } from "./session-words.ts";
import { useSignOutHere } from "./use-sign-out-here.ts";

export type ThisDeviceProps = {
  readonly session: AuthenticatedSession;
  /** What the list knows of it, once it is there: a session of either kind, or both. */
  readonly here: readonly ListedSession[];
  readonly refresh: () => Promise<void>;
};

/** This browser, which is there even while the list is not: the way out must not wait for it. */
export function ThisDevice({ session, here, refresh }: ThisDeviceProps) {
  const { signOut, busy, problem } = useSignOutHere(refresh, false);
  const ip = here.find((one) => one.ip !== null)?.ip ?? null;
  return (
    <li className="entry">
      <span className="entry__mark" aria-hidden="true">
        <ThisDeviceIcon />
      </span>
      <div className="entry__body">
        <div className="entry__line">
          <h3 className="entry__name">{deviceWords(navigator.userAgent)}</h3>
          <span className="entry__badge small">{t("sessions.this_device")}</span>
        </div>
        <SessionFacts
          methods={session.methods}
          ip={ip}
          firstUsed={earliest(here.map(({ created_at }) => created_at))}
          lastUsed={null}
        />
        <ProblemNotice problem={problem} />
        <div className="entry__actions">
          <Button variant="quiet" busy={busy} busyLabel={t("sessions.sign_out_busy")} onClick={() => void signOut()}>
            {t("sessions.sign_out")}
          </Button>
        </div>
      </div>
    </li>
  );
}
