import { useState } from "react";
import { Link } from "react-router";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { useAction } from "../components/use-action.ts";
import type { Flow, InputNode } from "../kratos/flow.ts";
import { FlowErrors } from "../kratos/flow-errors.tsx";
import { fieldError } from "../kratos/messages.ts";
import type { KnownEmail } from "../navigation/known-email.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { canUsePasskey, passkeyNodes } from "./passkey-sign-up.ts";
import { TraitField } from "./trait-field.tsx";
import { traitNodes, traitValue } from "./trait-fields.ts";
import { type RegistrationPorts, useRegistration } from "./use-registration.ts";

type Registration = ReturnType<typeof useRegistration>;

/** What went wrong; an address that has an account leads to signing in. */
function RegisterProblem({ form, signIn }: { form: Registration; signIn: string }) {
  const state: KnownEmail = { email: String(form.values["traits.email"] ?? "").trim() };
  const exists = form.problem?.code === "account_exists";
  return (
    <ProblemNotice
      problem={form.problem}
      action={
        exists && (
          <Link className="link" to={signIn} state={state}>
            {t("register.sign_in")}
          </Link>
        )
      }
    />
  );
}

function Traits({ form, flow, nodes }: { form: Registration; flow: Flow; nodes: readonly InputNode[] }) {
  return nodes.map((node) => {
    const { name } = node.attributes;
    return (
      <TraitField
        key={name}
        node={node}
        value={traitValue(node, form.values)}
        onChange={(value) => form.change(name, value)}
        error={form.faults[name] ?? fieldError(flow, name)}
      />
    );
  });
}

/** The other way: below what is filled in, never before it. */
function OtherWay({ label, onChoose }: { label: string; onChoose: () => void }) {
  return (
    <>
      <p className="divider">{t("login.or")}</p>
      <Button wide onClick={onChoose}>
        {label}
      </Button>
    </>
  );
}

function ByPassword({ form, flow, busy }: { form: Registration; flow: Flow; busy: boolean }) {
  return (
    <>
      <PasswordField
        label={t("field.password")}
        name="password"
        autoComplete="new-password"
        required
        strength
        value={form.password}
        onChange={form.setPassword}
        error={form.faults.password ?? fieldError(flow, "password")}
      />
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={t("register.submit_busy")}>
        {t("register.submit")}
      </Button>
    </>
  );
}

function ByPasskey({ busy }: { busy: boolean }) {
  return (
    <div className="stack stack--tight">
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={t("hero.create_busy")} icon={<PasskeyIcon />}>
        {t("register.passkey_submit")}
      </Button>
      <p className="small centered">{t("register.passkey_lead")}</p>
    </div>
  );
}

/** The sign-up form: the schema's fields in their order, then a password, asked for once, or a passkey instead. */
export function RegisterForm({ flow, signIn, ...ports }: RegistrationPorts & { flow: Flow; signIn: string }) {
  const form = useRegistration(ports);
  const [way, setWay] = useState<"password" | "passkey">("password");
  const byPasskey = way === "passkey";
  const [send, busy] = useAction(() => (byPasskey ? form.sendByPasskey(flow) : form.send(flow)));
  const nodes = byPasskey ? passkeyNodes(flow) : traitNodes(flow);
  const choose = () => {
    form.setProblem(null);
    setWay(byPasskey ? "password" : "passkey");
  };
  return (
    <Form onSubmit={() => void send()} refusals={form.refusals}>
      <RegisterProblem form={form} signIn={signIn} />
      {!byPasskey && <FlowErrors flow={flow} shown={[...nodes.map((node) => node.attributes.name), "password"]} />}
      <Traits form={form} flow={flow} nodes={nodes} />
      {byPasskey ? <ByPasskey busy={busy} /> : <ByPassword form={form} flow={flow} busy={busy} />}
      {canUsePasskey(flow) && (
        <OtherWay label={t(byPasskey ? "register.use_password" : "register.use_passkey")} onChoose={choose} />
      )}
      {byPasskey && <PasskeyHelp />}
    </Form>
  );
}
