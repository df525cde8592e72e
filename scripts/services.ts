import type { SettingName } from "./settings.ts";

export type ServiceName = "postgres" | "redis" | "mailpit" | "kratos" | "frontend" | "gateway";

/** A service of Passbridge, the same natively and in compose. */
export type Service = {
  readonly name: ServiceName;
  /** What it is for, in an operator's words. */
  readonly purpose: string;
  /** The settings that name its ports on the host, natively. */
  readonly ports: readonly SettingName[];
  readonly needs: readonly ServiceName[];
};

/** Every service in the order of its start; stopping goes the other way. */
export const SERVICES: readonly Service[] = [
  { name: "postgres", purpose: "databases of Kratos and the gateway", ports: ["POSTGRES_PORT"], needs: [] },
  { name: "redis", purpose: "sessions, challenges, limits", ports: ["REDIS_PORT"], needs: [] },
  { name: "mailpit", purpose: "catches every mail", ports: ["SMTP_PORT", "MAIL_UI_PORT"], needs: [] },
  {
    name: "kratos",
    purpose: "e-mail and password accounts",
    ports: ["KRATOS_PUBLIC_PORT", "KRATOS_ADMIN_PORT"],
    needs: ["postgres", "mailpit"],
  },
  { name: "frontend", purpose: "sample dashboard behind the gateway", ports: ["DASHBOARD_PORT"], needs: [] },
  {
    name: "gateway",
    purpose: "the way in: pages, passkeys, proxy",
    ports: ["PORT", "OPERATOR_PORT"],
    needs: ["postgres", "redis", "kratos"],
  },
];

export const SERVICE_NAMES: readonly ServiceName[] = SERVICES.map((service) => service.name);

/** Whether the text names a service. */
export function isServiceName(text: string): text is ServiceName {
  return SERVICE_NAMES.some((name) => name === text);
}
