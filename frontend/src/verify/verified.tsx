import { useEffect } from "react";
import { Button } from "../components/button.tsx";
import { ButtonLink } from "../components/button-link.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page.tsx";
import type { KnownEmail } from "../navigation/known-email.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { signalAccount } from "../passkeys/passkey-signals.ts";
import { t } from "../t.ts";

/** The address is confirmed; the way on is one button. */
export function Verified({ address, onContinue }: { address: string; onContinue: () => void }) {
  useEffect(() => {
    // What had been set up before the address was proved is gone from the account.
    void signalAccount();
  }, []);
  return (
    <>
      <PageHeading title={t("verify.done_title")}>
        {address ? t("verify.done_lead", { email: address }) : t("verify.done_lead_unknown")}
      </PageHeading>
      <Button variant="primary" wide onClick={onContinue}>
        {t("common.continue")}
      </Button>
    </>
  );
}

/** The address is confirmed where nobody is signed in to its account: what others chose is gone, and a way in leads on. */
export function VerifiedElsewhere({ address, returnTo }: { address: string; returnTo: string }) {
  const state: KnownEmail = { email: address };
  return (
    <>
      <PageHeading title={t("verify.done_title")}>{address && t("verify.done_lead", { email: address })}</PageHeading>
      <Notice tone="info">{t("verify.elsewhere_done")}</Notice>
      <ButtonLink to={withReturnTo("/recover", returnTo)} variant="primary" wide state={state}>
        {t("verify.set_up")}
      </ButtonLink>
      <ButtonLink to={withReturnTo("/login", returnTo)} wide state={state}>
        {t("verify.sign_in")}
      </ButtonLink>
    </>
  );
}
