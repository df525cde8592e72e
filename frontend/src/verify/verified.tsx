import { useEffect } from "react";
import { Button } from "../components/button.tsx";
import { PageHeading } from "../components/page.tsx";
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
