import { useState } from "react";
import { Button, type ButtonProps } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { t } from "../t.ts";
import type { RecoveryCodesInHand } from "./use-recovery-codes.ts";

export type MakeCodesProps = Pick<ButtonProps, "variant" | "wide"> & {
  readonly remaining: number;
  readonly create: RecoveryCodesInHand["create"];
  readonly busy: boolean;
};

/** The button that makes codes; where that voids codes that still work, it asks before. */
export function MakeCodes({ remaining, create, busy, ...look }: MakeCodesProps) {
  const [asking, setAsking] = useState(false);
  const make = () => {
    setAsking(false);
    void create();
  };
  const actions = (
    <>
      <Button onClick={() => setAsking(false)}>{t("recovery_codes.replace_keep")}</Button>
      <Button variant="danger" onClick={make}>
        {t("recovery_codes.make_new")}
      </Button>
    </>
  );
  return (
    <>
      <Button
        {...look}
        busy={busy}
        busyLabel={t("recovery_codes.make_busy")}
        onClick={() => (remaining > 0 ? setAsking(true) : make())}
      >
        {t(remaining > 0 ? "recovery_codes.make_new" : "recovery_codes.make")}
      </Button>
      <Dialog
        alert
        open={asking}
        title={t("recovery_codes.replace_title")}
        actions={actions}
        onClose={() => setAsking(false)}
      >
        <p>{t("recovery_codes.replace_lead")}</p>
      </Dialog>
    </>
  );
}
