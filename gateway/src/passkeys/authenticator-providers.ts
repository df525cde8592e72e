import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import vendored from "../../data/aaguids/providers.json" with { type: "json" };

/** Where the icons lie: beside the sources, and beside what is built of them. */
export const ICON_FOLDER = fileURLToPath(new URL("../../data/aaguids/icons", import.meta.url));

export const ICON_PATH = "/passbridge/providers";

const SCHEMES = ["light", "dark"] as const;
export type ColorScheme = (typeof SCHEMES)[number];

const file = z.string().regex(/^[\w-]+\.svg$/);
const entry = z.object({ name: z.string().min(1).max(100), light: file.optional(), dark: file.optional() });

/** AAGUIDs by data/aaguids/SOURCE.md. Without verified attestation they are a claim: for display only. */
const PROVIDERS: ReadonlyMap<string, z.infer<typeof entry>> = new Map(
  Object.entries(z.record(z.guid(), entry).parse(vendored)),
);

/** A distribution may leave the marks of others out. */
const present: ReadonlySet<string> = new Set(existsSync(ICON_FOLDER) ? readdirSync(ICON_FOLDER) : []);

/** Who keeps a passkey; the icons are paths on the gateway's origin. */
export type AuthenticatorProvider = {
  readonly name: string;
  readonly icon_light: string | null;
  readonly icon_dark: string | null;
};

/** The file of a provider's icon in ICON_FOLDER; null where there is none. @param aaguid a UUID, in any case. */
export function iconFileOf(aaguid: string, scheme: ColorScheme): string | null {
  const icon = PROVIDERS.get(aaguid.toLowerCase())?.[scheme];
  return icon !== undefined && present.has(icon) ? icon : null;
}

/** The provider an AAGUID (a UUID, in any case) belongs to, or null when it is not known. */
export function providerOf(aaguid: string): AuthenticatorProvider | null {
  const known = PROVIDERS.get(aaguid.toLowerCase());
  if (!known) return null;
  const path = (scheme: ColorScheme) =>
    iconFileOf(aaguid, scheme) ? `${ICON_PATH}/${aaguid.toLowerCase()}-${scheme}.svg` : null;
  return { name: known.name, icon_light: path("light"), icon_dark: path("dark") };
}
