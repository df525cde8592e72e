/** Kratos' flows in the shapes v1.3.1 answers; ids and texts are its own. */

type Message = {
  readonly id: number;
  readonly type: "error" | "info" | "success";
  readonly text: string;
  readonly context?: object;
};
type Attributes = Readonly<Record<string, unknown>>;

/** A node of a flow's form. */
export function node(group: string, attributes: Attributes, label = "", messages: readonly Message[] = []) {
  return {
    type: "input",
    group,
    attributes: { disabled: false, node_type: "input", ...attributes },
    messages,
    meta: label === "" ? {} : { label: { id: 1_070_002, text: label, type: "info" } },
  };
}

export const csrf = node("default", { name: "csrf_token", type: "hidden", value: "csrf-1", required: true });

/** A flow with the members every kind has. */
export function flow(id: string, nodes: readonly object[], more: object = {}, messages: readonly Message[] = []) {
  const ui = { action: `http://localhost/self-service?flow=${id}`, method: "POST", nodes: [csrf, ...nodes], messages };
  return {
    id,
    type: "browser",
    expires_at: "2099-01-01T00:00:00Z",
    issued_at: "2026-01-01T00:00:00Z",
    request_url: "/",
    ui,
    ...more,
  };
}

/** An error message of Kratos. */
export function error(id: number, text: string, context: object = {}): Message {
  return { id, type: "error", text, context };
}

const submit = (group: string) => node(group, { name: "method", type: "submit", value: group });

/** A login flow. */
export const loginFlow = (id = "login-1", messages: readonly Message[] = []) =>
  flow(
    id,
    [
      node("default", { name: "identifier", type: "text", value: "", required: true }, "E-mail"),
      node(
        "password",
        { name: "password", type: "password", required: true, autocomplete: "current-password" },
        "Password",
      ),
      submit("password"),
    ],
    { state: "choose_method", refresh: false },
    messages,
  );

/** A login flow that waits for a mailed code; Kratos answers 400 with it. */
export const loginCodeFlow = (id = "login-1", messages: readonly Message[] = []) =>
  flow(
    id,
    [
      node("default", { name: "identifier", type: "hidden", value: "ann@example.com" }),
      node("code", { name: "code", type: "text", required: true }, "Login code"),
      node("code", { name: "resend", type: "submit", value: "code" }, "Resend code"),
      submit("code"),
    ],
    { state: "sent_email", active: "code" },
    messages,
  );

export type RegistrationFaults = { readonly email?: Message; readonly password?: Message; readonly general?: Message };

/** A registration flow; `more` are further fields of the schema. */
export const registrationFlow = (faults: RegistrationFaults = {}, more: readonly object[] = []) =>
  flow(
    "registration-1",
    [
      node(
        "password",
        { name: "traits.email", type: "email", required: true, autocomplete: "email" },
        "E-mail",
        faults.email ? [faults.email] : [],
      ),
      node(
        "password",
        { name: "password", type: "password", required: true, autocomplete: "new-password" },
        "Password",
        faults.password ? [faults.password] : [],
      ),
      node("password", { name: "traits.name", type: "text" }, "Name"),
      ...more,
      submit("password"),
    ],
    { state: "choose_method" },
    faults.general ? [faults.general] : [],
  );

export type CodeFlowOptions = {
  readonly id?: string;
  readonly state?: "choose_method" | "sent_email" | "passed_challenge";
  readonly email?: string;
  readonly code?: string;
  readonly messages?: readonly Message[];
};

/** A verification or recovery flow. */
export function codeFlow({ id = "code-1", state = "sent_email", email, code, messages = [] }: CodeFlowOptions = {}) {
  const asks = state === "choose_method";
  const nodes = asks
    ? [node("code", { name: "email", type: "email", required: true }, "Email")]
    : [
        node(
          "code",
          { name: "code", type: "text", required: true, ...(code ? { value: code } : {}) },
          "Verification code",
        ),
        ...(email ? [node("code", { name: "email", type: "submit", value: email }, "Resend code")] : []),
      ];
  return flow(id, [...nodes, submit("code")], { state, active: "code" }, messages);
}

/** A settings flow. */
export const settingsFlow = (state: "show_form" | "success" = "show_form", passwordFault?: Message) =>
  flow(
    "settings-1",
    [
      node("profile", { name: "traits.email", type: "email", required: true, value: "ann@example.com" }, "E-mail"),
      node("profile", { name: "traits.name", type: "text", value: "Ann" }, "Name"),
      node(
        "password",
        { name: "password", type: "password", required: true },
        "Password",
        passwordFault ? [passwordFault] : [],
      ),
    ],
    { state },
  );

/** An error body of Kratos by its id. */
export const kratosError = (id: string, status: number, more: object = {}) => ({
  status,
  body: { error: { id, code: status }, ...more },
});
