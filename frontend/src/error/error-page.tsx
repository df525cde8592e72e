import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { ButtonLink } from "../components/button-link.tsx";
import { Card } from "../components/card.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { t } from "../t.ts";
import { type ErrorWords, errorWords } from "./error-words.ts";
import { loadKratosError } from "./kratos-error.ts";

function ErrorCard({ words, requestId }: { words: ErrorWords; requestId: string | null }) {
  const signIn = words.action === "sign-in";
  return (
    <Card>
      <PageHeading title={t(words.title)}>{t(words.lead)}</PageHeading>
      <ButtonLink variant="primary" wide leave={!signIn} to={signIn ? "/login" : "/"}>
        {t(signIn ? "common.to_sign_in" : "error.to_start")}
      </ButtonLink>
      {requestId && <p className="small">{t("common.request_id", { id: requestId })}</p>}
    </Card>
  );
}

/** /error: Kratos' errors by `?id=`, the gateway's by `?code=&request_id=`; plain words and one way on. */
export function ErrorPage() {
  const [query] = useSearchParams();
  const id = query.get("id");
  const { data, isPending } = useQuery({
    queryKey: ["kratos-error", id],
    queryFn: () => loadKratosError(id ?? ""),
    enabled: id !== null,
  });
  const asking = id !== null && isPending;
  const words = errorWords(data?.code ?? query.get("code"), data?.status ?? null);
  return (
    <Page title={t("error.title")}>
      {asking ? (
        <Card>
          <Skeleton lines={1} />
        </Card>
      ) : (
        <ErrorCard words={words} requestId={query.get("request_id")} />
      )}
    </Page>
  );
}
