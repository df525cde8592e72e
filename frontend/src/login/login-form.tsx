import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { TextField } from "../components/text-field.tsx";
import type { Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { t } from "../t.ts";
import { type LoginFormProps, useLoginForm } from "./use-login-form.ts";
import { Ways } from "./ways.tsx";

/** What went wrong; a device without a passkey is no fault of anybody's. */
function SignInProblem({ problem }: { problem: Problem | null }) {
  if (problem?.code !== "no_passkey_here") return <ProblemNotice problem={problem} />;
  return <Notice tone="info">{problemWords(problem)}</Notice>;
}

/** E-mail, and under it the ways in. */
export function LoginForm(props: LoginFormProps) {
  const { signIn, email, onEmail, returnTo } = props;
  const form = useLoginForm(props);
  return (
    <Form onSubmit={form.submit} refusals={signIn.refusals}>
      <SignInProblem problem={signIn.problem} />
      {form.faults.messages.map((message) => (
        <Notice key={message} tone="error">
          {message}
        </Notice>
      ))}
      <TextField
        label={t("field.email")}
        name="email"
        type="email"
        autoComplete="username webauthn"
        required
        value={email}
        onChange={onEmail}
        error={form.faults.email}
      />
      <Ways form={form} signIn={signIn} email={email} returnTo={returnTo} />
    </Form>
  );
}
