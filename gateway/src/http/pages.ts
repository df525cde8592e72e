import { join } from "node:path";
import compression from "compression";
import { type RequestHandler, Router } from "express";
import serveStatic from "serve-static";
import { ICON_PATH } from "../passkeys/authenticator-providers.ts";
import type { BrowserBinding } from "./browser-binding.ts";
import { ERROR_STYLE, ERROR_STYLE_PATH } from "./error-page.ts";
import { PAGE_PATHS, PAGES } from "./own-paths.ts";
import type { PageSettings } from "./page-settings.ts";
import { sendProviderIcon } from "./provider-icons.ts";

const YEAR_MS = 31_536_000_000;

export type PagesParts = {
  readonly binding: BrowserBinding;
  /** Stands before the pages themselves (own-host.ts). */
  readonly ownHost: RequestHandler;
};

/**
 * The gateway's own pages: one document for all of them, their hashed assets, and their settings.
 * @param folder holds index.html and assets/.
 * @param settings asked for each time: some follow the route rules.
 */
export function createPages(folder: string, settings: () => PageSettings, { binding, ownHost }: PagesParts): Router {
  const router = Router({ caseSensitive: true });
  router.use(PAGES, compression());
  router.get(ERROR_STYLE_PATH, (_request, response) => {
    response.type("css").set("Cache-Control", "public, max-age=3600").send(ERROR_STYLE);
  });
  router.get("/.passbridge/config.json", (_request, response) => {
    response.set("Cache-Control", "no-cache").json(settings());
  });
  router.get(`${ICON_PATH}/:icon`, sendProviderIcon);
  router.use(
    "/passbridge/assets",
    serveStatic(join(folder, "assets"), { index: false, immutable: true, maxAge: YEAR_MS, fallthrough: false }),
  );
  router.use("/passbridge", serveStatic(folder, { index: false, redirect: false, fallthrough: false }));
  router.get(
    PAGE_PATHS.flatMap((path) => [path, `${path}/*rest`]),
    ownHost,
    (request, response) => {
      // Now, since ceremonies that start at the same time would each give the browser another binding.
      binding.ensure(request, response);
      response.set("Cache-Control", "no-cache").sendFile("index.html", { root: folder });
    },
  );
  return router;
}
