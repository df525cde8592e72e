import { useState } from "react";
import { Button } from "../components/button.tsx";
import { announce } from "../components/live-region.tsx";
import { Notice } from "../components/notice.tsx";
import { useAction } from "../components/use-action.ts";
import { t } from "../t.ts";
import { type CodeSheet, sheetFileName, sheetText } from "./code-sheet.ts";

/** Has the browser save a text under a name. */
function saveFile(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

type Copying = "idle" | "copied" | "failed";

function useCopy(text: string) {
  const [state, setState] = useState<Copying>("idle");
  const [copy] = useAction(async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      announce(t("recovery_codes.copied_all"));
    } catch {
      // Not allowed, or a browser that has no clipboard for pages.
      setState("failed");
    }
  });
  return { state, copy };
}

/** The ways to keep the codes: in the clipboard, in a file, on paper. */
export function SheetActions({ sheet }: { sheet: CodeSheet }) {
  const text = sheetText(sheet);
  const { state, copy } = useCopy(text);
  return (
    <>
      {state === "failed" && <Notice tone="warning">{t("recovery_codes.copy_failed")}</Notice>}
      <div className="sheet-actions">
        <Button onClick={() => void copy()}>
          {t(state === "copied" ? "recovery_codes.copied" : "recovery_codes.copy")}
        </Button>
        <Button onClick={() => saveFile(text, sheetFileName())}>{t("recovery_codes.download")}</Button>
        <Button onClick={() => window.print()}>{t("recovery_codes.print")}</Button>
      </div>
    </>
  );
}
