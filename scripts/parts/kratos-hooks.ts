/** Where Kratos tells the gateway of changes, and by what the gateway knows that it is Kratos. */
export type KratosHookSettings = {
  /** The gateway's hooks on its operators' port, without a slash at the end. */
  readonly url: string;
  /** Comma-separated; the gateway takes a call that knows one of its own. */
  readonly secret: string;
};

type Waits = "waits" | "goes on";

/** Kratos either waits for the gateway's answer, and fails with it, or tells it beside its work. */
function webHook({ url, secret }: KratosHookSettings, kind: string, kratos: Waits) {
  return {
    hook: "web_hook",
    config: {
      url: `${url}/${kind}`,
      method: "POST",
      body: "file://hooks/change.jsonnet",
      response: { ignore: kratos === "goes on" },
      // Kratos keeps this header out of its log, and no other.
      auth: { type: "api_key", config: { in: "header", name: "Authorization", value: `Bearer ${secret}` } },
    },
  };
}

/** Kratos' own sessions first: they end even if the gateway cannot be told. */
const REVOKE = { hook: "revoke_active_sessions" };

/**
 * Kratos' web hooks by its environment names. What ends sessions is waited for; a mere change is told beside, so that a
 * gateway that is away holds nobody up.
 */
export function kratosHooks(settings: KratosHookSettings): Record<string, string> {
  const hooks = {
    LOGIN_AFTER: [webHook(settings, "sign-in", "goes on")],
    SETTINGS_AFTER: [webHook(settings, "settings", "goes on")],
    VERIFICATION_AFTER: [webHook(settings, "verification", "goes on")],
    SETTINGS_AFTER_PASSWORD: [REVOKE, webHook(settings, "password", "waits")],
    RECOVERY_AFTER: [REVOKE, webHook(settings, "recovery", "waits")],
  };
  // One name for each member: Kratos takes a list as a whole from its file only.
  const named = Object.entries(hooks).flatMap(([place, list]) =>
    list.map((hook, index) => [`SELFSERVICE_FLOWS_${place}_HOOKS_${index}`, JSON.stringify(hook)]),
  );
  return Object.fromEntries(named);
}
