import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { describeOutage, OutageError } from "./errors.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createHttpServer } from "./http-server.ts";
import { stopGracefully } from "./operations/graceful-stop.ts";
import { createLogger } from "./operations/logger.ts";

async function createListener({ tls, trustedProxies }: Config, gateway: Gateway): Promise<Server> {
  const files = tls && { cert: await readFile(tls.cert), key: await readFile(tls.key) };
  const { server, serve } = createHttpServer({ tls: files, trustedProxies });
  serve(gateway);
  return server;
}

async function listen(server: Server, { host, port }: Config["listen"]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
}

const operatorServer = (gateway: Gateway) => createServer(gateway.operatorApp);

async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLogger(config);
  // From the first moment on: the signal would end a process that does not listen to it.
  const made = Promise.withResolvers<Gateway>();
  process.on("SIGHUP", () => void made.promise.then(({ reloadRules }) => reloadRules()));
  const gateway = await createGateway(config, { log });
  made.resolve(gateway);
  const server = await createListener(config, gateway);
  const operators = operatorServer(gateway);
  await listen(operators, config.operator);
  await listen(server, config.listen);
  log.info({ address: server.address(), public_url: config.publicUrl.origin }, "the gateway is listening");

  const stop = (signal: string) => {
    log.info({ signal }, "stopping");
    stopGracefully(server, gateway, config.shutdownTimeout).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the stop failed");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return "The gateway could not start: its port is in use (EADDRINUSE). Set PORT to a free one.";
  if (error instanceof OutageError) return `The gateway could not start: ${describeOutage(error)}`;
  return `The gateway could not start: ${error instanceof Error ? error.message : String(error)}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
