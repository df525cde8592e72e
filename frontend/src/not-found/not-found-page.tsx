import { ButtonLink } from "../components/button-link.tsx";
import { Card } from "../components/card.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { t } from "../t.ts";

/** An address among the pages' own that no page has. */
export function NotFoundPage() {
  return (
    <Page title={t("not_found.title")}>
      <Card>
        <PageHeading title={t("not_found.title")}>{t("not_found.lead")}</PageHeading>
        <ButtonLink variant="primary" wide leave to="/">
          {t("error.to_start")}
        </ButtonLink>
      </Card>
    </Page>
  );
}
