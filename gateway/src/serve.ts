import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { flushCompileCache } from "node:module";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { GatewayOverrides } from "./create-adapters.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { stopGracefully } from "./operations/graceful-stop.ts";
import type { ReloadResult } from "./routes/live-rules.ts";

export type Serving = {
  /** Resolves when it has stopped; called again it changes nothing. */
  readonly stop: () => Promise<void>;
};

export type ServeOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly shareMetrics?: GatewayOverrides["shareMetrics"];
  /** Told at once how to reload, before the gateway is there: what asks for it must not be missed. */
  readonly onReloadable: (reload: () => Promise<ReloadResult>) => void;
};

async function createListener({ tls, trustedProxies }: Config, gateway: Gateway): Promise<HttpServer> {
  const files = tls && { cert: await readFile(tls.cert), key: await readFile(tls.key) };
  const listener = createHttpServer({ tls: files, trustedProxies });
  listener.serve(gateway);
  return listener;
}

async function listen(server: Server, { host, port }: Config["listen"]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
}

/**
 * Serves people and operators in this process.
 * @throws what createGateway throws, and what the system says where it cannot listen.
 */
export async function serve({ config, log, shareMetrics, onReloadable }: ServeOptions): Promise<Serving> {
  const made = Promise.withResolvers<Gateway>();
  onReloadable(async () => (await made.promise).reloadRules());
  const gateway = await createGateway(config, { log, ...(shareMetrics && { shareMetrics }) });
  made.resolve(gateway);
  const listener = await createListener(config, gateway);
  const { server } = listener;
  await listen(createServer(gateway.operatorApp), config.operator);
  await listen(server, config.listen);
  log.info({ address: server.address(), public_url: config.publicUrl.origin }, "the gateway is listening");
  // For the next start, also when this process does not end by itself. Without a folder for it nothing is written.
  flushCompileCache();
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopped ??= stopGracefully(listener, gateway, config.shutdown);
      return stopped;
    },
  };
}
