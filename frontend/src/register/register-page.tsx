import { useMemo } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { Card } from "../components/card.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { FlowGate } from "../kratos/flow-gate.tsx";
import { useFlow } from "../kratos/use-flow.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { t } from "../t.ts";
import { RegisterForm } from "./register-form.tsx";
import { useJourney } from "./use-journey.ts";

/** /register: an account with e-mail and a password, or a passkey instead. */
export function RegisterPage() {
  const [query] = useSearchParams();
  const { goOn, returnTo } = useJourney();
  // Kratos keeps it in the verification flow, so that the mail's link leads there as well.
  const flowQuery = useMemo((): Record<string, string> => {
    return returnTo === "/" ? {} : { after_verification_return_to: window.location.origin + returnTo };
  }, [returnTo]);
  const { state, submit, reload } = useFlow("registration", { id: query.get("flow"), query: flowQuery });
  const signIn = withReturnTo("/login", returnTo);
  // Who has no password loses the account with the device.
  const codes = withReturnTo("/recovery-codes", returnTo);
  return (
    <Page title={t("register.title")}>
      <Card>
        <PageHeading title={t("register.title")} />
        <FlowGate state={state} reload={reload} lines={4} elsewhere={() => <Navigate to={signIn} replace />}>
          {(flow) => (
            <RegisterForm
              flow={flow}
              signIn={signIn}
              submit={submit}
              onCreated={(verification, by) =>
                by === "passkey" ? goOn("sign_up_by_passkey", verification, codes) : goOn(null, verification)
              }
            />
          )}
        </FlowGate>
        {state.status !== "loading" && (
          <p className="row">
            <span>{t("register.have_account")}</span>
            <Link className="link" to={signIn}>
              {t("register.sign_in")}
            </Link>
          </p>
        )}
      </Card>
    </Page>
  );
}
