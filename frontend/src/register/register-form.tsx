import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { useAction } from "../components/use-action.ts";
import type { Flow } from "../kratos/flow.ts";
import { FlowErrors } from "../kratos/flow-errors.tsx";
import { fieldError } from "../kratos/messages.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { TraitField } from "./trait-field.tsx";
import { traitNodes, traitValue } from "./trait-fields.ts";
import { type RegistrationPorts, useRegistration } from "./use-registration.ts";

/** The sign-up form: the schema's fields in their order, then the password, asked for once. */
export function RegisterForm({ flow, ...ports }: RegistrationPorts & { flow: Flow }) {
  const form = useRegistration(ports);
  const [send, busy] = useAction(() => form.send(flow));
  const fields = traitNodes(flow).map((node) => ({ node, name: node.attributes.name }));
  const errorOf = (name: string) => form.faults[name] ?? fieldError(flow, name);
  return (
    <Form onSubmit={() => void send()} refusals={form.refusals}>
      <ProblemNotice problem={form.problem} />
      <FlowErrors flow={flow} shown={[...fields.map(({ name }) => name), "password"]} />
      {fields.map(({ node, name }) => (
        <TraitField
          key={name}
          node={node}
          value={traitValue(node, form.values)}
          onChange={(value) => form.change(name, value)}
          error={errorOf(name)}
        />
      ))}
      <PasswordField
        label={t("field.password")}
        name="password"
        autoComplete="new-password"
        required
        strength
        value={form.password}
        onChange={form.setPassword}
        error={errorOf("password")}
      />
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={t("register.submit_busy")}>
        {t("register.submit")}
      </Button>
    </Form>
  );
}
