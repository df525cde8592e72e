import "./recovery-codes.css";
import { useState } from "react";
import { Button } from "../components/button.tsx";
import { t } from "../t.ts";
import { codeSheet } from "./code-sheet.ts";
import { SheetActions } from "./sheet-actions.tsx";

export type NewCodesProps = {
  readonly codes: readonly string[];
  readonly email: string;
  /** The way on: from then on nobody sees them again. */
  readonly onSaved: () => void;
};

/** Fresh codes, the ways to keep them, and the way on. What is printed is the sheet alone. */
export function NewCodes({ codes, email, onSaved }: NewCodesProps) {
  const [madeAt] = useState(() => new Date());
  const sheet = codeSheet(codes, email, madeAt, window.location.origin);
  return (
    <div className="stack">
      <div className="sheet">
        <p className="sheet__words sheet__title">{sheet.title}</p>
        <p className="sheet__words">{sheet.owner}</p>
        <ol className="sheet__codes" aria-label={t("recovery_codes.list")}>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <p className="sheet__words">{sheet.use}</p>
      </div>
      <SheetActions sheet={sheet} />
      <Button variant="primary" wide onClick={onSaved}>
        {t("recovery_codes.saved")}
      </Button>
    </div>
  );
}
