import { describe, expect, it } from "vitest";
import { makeMissingSecrets, resolveSettings, SECRETS } from "./settings.ts";

const secrets = makeMissingSecrets({}, {});

describe("settings", () => {
  it("puts the caller's environment over the file and the file over the default", () => {
    const file = { ...secrets, PORT: "9001", MAIL_FROM: "file@example.com" };
    const settings = resolveSettings(file, { PORT: "9002" });
    expect(settings).toMatchObject({ PORT: "9002", MAIL_FROM: "file@example.com", OPERATOR_PORT: "8081" });
  });

  it("lets addresses follow the ports they are made of", () => {
    const settings = resolveSettings(secrets, { PORT: "9002", KRATOS_ADMIN_PORT: "9003", DASHBOARD_PORT: "9004" });
    expect(settings.PUBLIC_URL).toBe("http://localhost:9002");
    expect(settings.KRATOS_ADMIN_URL).toBe("http://127.0.0.1:9003");
    expect(settings.UPSTREAM_URL).toBe("http://127.0.0.1:9004");
  });

  it("escapes passwords in addresses", () => {
    const settings = resolveSettings(secrets, { POSTGRES_PASSWORD: "a/b@c", REDIS_PASSWORD: "p:q" });
    expect(new URL(settings.DATABASE_URL).password).toBe("a%2Fb%40c");
    expect(settings.REDIS_URL).toContain(":p%3Aq@");
  });

  it("takes an empty value for none", () => {
    expect(resolveSettings({ ...secrets, PORT: "" }, { PORT: " " }).PORT).toBe("8080");
  });

  it("says which secret has not been made", () => {
    const { SESSION_SECRETS: _, ...others } = secrets;
    expect(() => resolveSettings(others, {})).toThrow("SESSION_SECRETS");
  });
});

describe("makeMissingSecrets", () => {
  it("makes only what neither the file nor the environment gives", () => {
    const made = makeMissingSecrets({ SESSION_SECRETS: "given" }, { REDIS_PASSWORD: "given" });
    expect(Object.keys(made).sort()).toEqual([
      "KRATOS_HOOK_SECRET",
      "KRATOS_SECRETS_CIPHER",
      "KRATOS_SECRETS_COOKIE",
      "POSTGRES_PASSWORD",
    ]);
  });

  it("makes each secret anew, as long as its part demands", () => {
    const again = makeMissingSecrets({}, {});
    for (const name of Object.keys(SECRETS)) expect(again[name]).not.toBe(secrets[name]);
    expect(secrets.KRATOS_SECRETS_CIPHER).toHaveLength(32);
    expect(secrets.KRATOS_SECRETS_COOKIE?.length).toBeGreaterThanOrEqual(32);
    expect(secrets.SESSION_SECRETS?.length).toBeGreaterThanOrEqual(32);
  });
});
