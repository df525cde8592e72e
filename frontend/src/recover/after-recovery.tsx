import { type ReactNode, useCallback, useState } from "react";
import { useNavigate } from "react-router";
import { announce } from "../components/live-region.tsx";
import { leave } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { LostPasskeys } from "./lost-passkeys.tsx";
import { OfferPasskey } from "./offer-passkey.tsx";
import { OtherSessions } from "./other-sessions.tsx";

type Step =
  | { readonly name: "passkey" }
  | { readonly name: "lost"; readonly created: string | null }
  | { readonly name: "sessions"; readonly created: string | null };

export type AfterRecoveryProps = {
  /** Somebody who only wants to look after the account begins with its passkeys. */
  readonly from: "passkey" | "lost";
  readonly notice?: ReactNode;
};

/** Back in, by whatever way: a new passkey, lost ones, other sessions; then codes for the next time, and on. */
export function AfterRecovery({ from, notice }: AfterRecoveryProps) {
  const [step, setStep] = useState<Step>(from === "lost" ? { name: "lost", created: null } : { name: "passkey" });
  const returnTo = useReturnTo();
  const navigate = useNavigate();
  const created = step.name === "passkey" ? null : step.created;
  const toSessions = useCallback(() => setStep({ name: "sessions", created }), [created]);
  const finish = () => {
    if (created) return void navigate(withReturnTo("/recovery-codes", returnTo), { replace: true });
    announce(t("recover.done"));
    return leave(returnTo);
  };
  if (step.name === "passkey")
    return <OfferPasskey notice={notice} onDone={(id) => setStep({ name: "lost", created: id })} />;
  return step.name === "lost" ? (
    <LostPasskeys created={created} onDone={toSessions} />
  ) : (
    <OtherSessions onDone={finish} />
  );
}
