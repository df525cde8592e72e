import { leave } from "../navigation/leave.ts";
import { t } from "../t.ts";
import { Button } from "./button.tsx";

/** To the page before this one; to the start where there is none, as with a link from a mail. */
function goBack(): void {
  if (window.history.length > 1) window.history.back();
  else leave("/");
}

/** The way back from a page that somebody was sent to. */
export function WayBack() {
  return (
    <Button variant="quiet" wide onClick={goBack}>
      {t("common.back")}
    </Button>
  );
}
