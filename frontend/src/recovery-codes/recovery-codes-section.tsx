import { useEffect, useRef } from "react";
import { Section } from "../account/section.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { CodeState } from "./code-state.tsx";
import { MakeCodes } from "./make-codes.tsx";
import { NewCodes } from "./new-codes.tsx";
import { StateProblem } from "./state-problem.tsx";
import { type RecoveryCodesInHand, useRecoveryCodes } from "./use-recovery-codes.ts";

function Standing({ state, problem, reload, create, busy, refused }: RecoveryCodesInHand) {
  if (!state) return problem ? <StateProblem problem={problem} reload={reload} /> : <Skeleton lines={1} />;
  return (
    <div className="stack">
      <CodeState state={state} />
      <ProblemNotice problem={refused} />
      <div>
        <MakeCodes remaining={state.remaining} create={create} busy={busy} />
      </div>
    </div>
  );
}

/**
 * The account's part about recovery codes: how many are left, and making new ones.
 * @param email whose they are, for the sheet that is kept.
 */
export function RecoveryCodesSection({ email }: { email: string }) {
  const inHand = useRecoveryCodes();
  const { codes } = inHand;
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = codes !== null;
  const before = useRef(shown);
  useEffect(() => {
    // The button that had the focus is gone, as the codes come and as they go.
    if (before.current !== shown) heading.current?.focus();
    before.current = shown;
  }, [shown]);
  return (
    <Section
      title={t(shown ? "recovery_codes.save_title" : "recovery_codes.title")}
      lead={t(shown ? "recovery_codes.save_lead" : "recovery_codes.lead")}
      heading={heading}
    >
      {codes ? <NewCodes codes={codes} email={email} onSaved={inHand.saved} /> : <Standing {...inHand} />}
      {inHand.dialog}
    </Section>
  );
}
