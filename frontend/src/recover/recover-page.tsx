import { useCallback, useState } from "react";
import { Card } from "../components/card.tsx";
import { announce } from "../components/live-region.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { PasskeyHero } from "../components/passkey-hero.tsx";
import { leave } from "../navigation/leave.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { CodePart } from "./code-part.tsx";
import { LostPasskeys } from "./lost-passkeys.tsx";
import { NewPassword } from "./new-password.tsx";

type Step =
  | { readonly name: "code" }
  | { readonly name: "password"; readonly flowId: string | null }
  | { readonly name: "passkey" }
  | { readonly name: "lost"; readonly created: string | null };

function OfferPasskey({ onDone }: { onDone: (created: string | null) => void }) {
  return (
    <>
      <PasskeyHero
        headingElement={<PageHeading title={t("hero.title")} />}
        onCreated={(passkey) => onDone(passkey.id)}
        onSkip={() => onDone(null)}
      />
      <PasskeyHelp />
    </>
  );
}

/** /recover: e-mail, code, a new password, a passkey, and lost passkeys; each step but the code may be skipped. */
export function RecoverPage() {
  const [step, setStep] = useState<Step>({ name: "code" });
  const returnTo = useReturnTo();
  const finish = useCallback(() => {
    announce(t("recover.done"));
    leave(returnTo);
  }, [returnTo]);
  return (
    <Page title={t("recover.title")}>
      <Card>
        {step.name === "code" && <CodePart onRecovered={(flowId) => setStep({ name: "password", flowId })} />}
        {step.name === "password" && <NewPassword flowId={step.flowId} onDone={() => setStep({ name: "passkey" })} />}
        {step.name === "passkey" && <OfferPasskey onDone={(created) => setStep({ name: "lost", created })} />}
        {step.name === "lost" && <LostPasskeys created={step.created} onDone={finish} />}
      </Card>
    </Page>
  );
}
