import type { ReactNode } from "react";
import { PageHeading } from "../components/page.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { PasskeyHero } from "../components/passkey-hero.tsx";
import { t } from "../t.ts";

export type OfferPasskeyProps = {
  /** What came of the step before. */
  readonly notice?: ReactNode;
  /** The id of the new passkey; null when the person goes on without one. */
  readonly onDone: (created: string | null) => void;
};

/** A passkey in the place of the lost one. */
export function OfferPasskey({ notice, onDone }: OfferPasskeyProps) {
  return (
    <>
      {notice}
      <PasskeyHero
        headingElement={<PageHeading title={t("hero.title")} />}
        onCreated={(passkey) => onDone(passkey.id)}
        onSkip={() => onDone(null)}
      />
      <PasskeyHelp />
    </>
  );
}
