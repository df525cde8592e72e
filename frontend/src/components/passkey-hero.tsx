import type { Passkey } from "@passbridge/client";
import { type ReactNode, useState } from "react";
import { createPasskey } from "../passkeys/create-passkey.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { Button } from "./button.tsx";
import { HeroPicture, PasskeyIcon } from "./icons.tsx";
import { announce } from "./live-region.tsx";
import { Notice } from "./notice.tsx";
import { useAction } from "./use-action.ts";

export type PasskeyHeroProps = {
  readonly onCreated: (passkey: Passkey) => void;
  /** Makes the passkey, where the page has more to do for it. */
  readonly create?: () => Promise<Passkey>;
  /** The way on without a passkey; without it there is no "Not now". */
  readonly onSkip?: () => void;
  /** The words for a browser that can't create passkeys, where the general ones do not do. */
  readonly unsupported?: string;
  /** Takes a problem the page handles itself, such as a needed sign-in; true when it did. */
  readonly onProblem?: (problem: Problem) => boolean;
  /** The heading, where the hero is the page's main matter: a PageHeading; an h2 otherwise. */
  readonly headingElement?: ReactNode;
};

type Attempt = Pick<PasskeyHeroProps, "onCreated" | "onProblem" | "create">;

function useCreation({ onCreated, onProblem, create: make = createPasskey }: Attempt) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [create, busy] = useAction(async () => {
    setProblem(null);
    try {
      const passkey = await make();
      announce(t("hero.done"));
      onCreated(passkey);
    } catch (error) {
      const failed = toProblem(error);
      if (!onProblem?.(failed)) setProblem(failed);
    }
  });
  return { create, busy, problem };
}

function HeroActions({ onSkip, unsupported = t("hero.unsupported"), ...attempt }: PasskeyHeroProps) {
  const { create, busy, problem } = useCreation(attempt);
  const supported = webAuthnSupport() === "yes";
  return (
    <div className="stack">
      <ProblemNotice problem={problem} />
      {supported ? (
        <Button
          variant="primary"
          wide
          busy={busy}
          busyLabel={t("hero.create_busy")}
          icon={<PasskeyIcon />}
          onClick={create}
        >
          {t("hero.create")}
        </Button>
      ) : (
        <Notice tone="info">{unsupported}</Notice>
      )}
      {onSkip && (
        <Button variant={supported ? "quiet" : "primary"} wide onClick={onSkip}>
          {t(supported ? "hero.not_now" : "common.continue")}
        </Button>
      )}
    </div>
  );
}

/** The one prompt for a passkey, the same everywhere. */
export function PasskeyHero(props: PasskeyHeroProps) {
  return (
    <section className="hero" aria-label={t("hero.title")}>
      <HeroPicture />
      {props.headingElement ?? <h2>{t("hero.title")}</h2>}
      <p className="lead">{t("hero.lead")}</p>
      <HeroActions {...props} />
    </section>
  );
}
