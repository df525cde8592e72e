import type { ReactNode } from "react";
import { t } from "../t.ts";
import { HelpLink } from "./help-link.tsx";
import { DisclosureIcon } from "./icons.tsx";

const QUESTIONS = ["what", "where", "lost"] as const;

/** A question with its answer folded away; the browser's search finds it. */
export function HelpItem({ question, children }: { question: string; children: ReactNode }) {
  return (
    <details className="help">
      <summary className="help__question">
        <DisclosureIcon />
        <span>{question}</span>
      </summary>
      {children}
    </details>
  );
}

/** The questions people have about passkeys, answered where they come up. */
export function PasskeyHelp() {
  return (
    <div>
      {QUESTIONS.map((question) => (
        <HelpItem key={question} question={t(`help.${question}`)}>
          <p>{t(`help.${question}_answer`)}</p>
        </HelpItem>
      ))}
      <HelpLink words={t("help.more")} part="what" />
    </div>
  );
}
