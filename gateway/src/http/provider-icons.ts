import type { RequestHandler } from "express";
import { Problem } from "../errors.ts";
import { type ColorScheme, ICON_FOLDER, iconFileOf } from "../passkeys/authenticator-providers.ts";

const WEEK_MS = 7 * 86_400_000;
const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(light|dark)\.svg$/;

/** The drawings are others': opened by themselves they run nothing, load nothing and have no origin. */
const ICON_HEADERS = {
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  "X-Content-Type-Options": "nosniff",
};

/** GET /passbridge/providers/{aaguid}-{light|dark}.svg: the icon of a provider; 404 where there is none. */
export const sendProviderIcon: RequestHandler = (request, response) => {
  const [, aaguid = "", scheme] = NAME.exec(String(request.params.icon)) ?? [];
  const file = scheme === undefined ? null : iconFileOf(aaguid, scheme as ColorScheme);
  if (file === null) throw new Problem("not_found");
  response.sendFile(file, { root: ICON_FOLDER, maxAge: WEEK_MS, headers: ICON_HEADERS });
};
