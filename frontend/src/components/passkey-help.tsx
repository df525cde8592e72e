import { Collapsible } from "@base-ui/react/collapsible";
import { t } from "../t.ts";
import { HelpLink } from "./help-link.tsx";
import { DisclosureIcon } from "./icons.tsx";

const QUESTIONS = ["what", "where", "lost"] as const;

/** The questions people have about passkeys, answered where they come up; the browser's search finds the answers. */
export function PasskeyHelp() {
  return (
    <div>
      {QUESTIONS.map((question) => (
        <Collapsible.Root key={question} className="help">
          <Collapsible.Trigger className="help__question">
            <DisclosureIcon />
            <span>{t(`help.${question}`)}</span>
          </Collapsible.Trigger>
          <Collapsible.Panel hiddenUntilFound>
            <p>{t(`help.${question}_answer`)}</p>
          </Collapsible.Panel>
        </Collapsible.Root>
      ))}
      <HelpLink words={t("help.more")} part="what" />
    </div>
  );
}
