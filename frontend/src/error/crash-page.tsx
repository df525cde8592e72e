import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { t } from "../t.ts";

/** What people see when a page could not be loaded or broke while it was drawn. */
export function CrashPage() {
  return (
    <Page title={t("error.title")}>
      <Card>
        <PageHeading title={t("error.title")}>{t("error.crashed_lead")}</PageHeading>
        <Button variant="primary" wide onClick={() => window.location.reload()}>
          {t("common.reload")}
        </Button>
      </Card>
    </Page>
  );
}
