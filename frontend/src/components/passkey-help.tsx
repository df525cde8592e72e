import { t } from "../t.ts";

const QUESTIONS = ["what", "where", "lost"] as const;

/** The questions people have about passkeys, answered where they come up. */
export function PasskeyHelp() {
  return (
    <div>
      {QUESTIONS.map((question) => (
        <details key={question} className="help">
          <summary>{t(`help.${question}`)}</summary>
          <p>{t(`help.${question}_answer`)}</p>
        </details>
      ))}
    </div>
  );
}
