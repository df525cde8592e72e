import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findFreePort } from "../free-port.ts";
import { commandOf, findPortOwner } from "./port-owner.ts";
import { portInUse, requireFreePorts } from "./ports.ts";

let server: Server;
let port: number;
beforeEach(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => server.close());

const entry = (taken: number) => ({ service: "gateway", setting: "PORT" as const, port: taken });

describe("ports", () => {
  it("names the port, who holds it, and the setting that moves it", async () => {
    const failure = await requireFreePorts([entry(await findFreePort()), entry(port)]).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: expect.stringMatching(
        new RegExp(`Port ${port}, which gateway needs, is in use by .+ \\(process ${process.pid}\\)`),
      ),
      remedy: expect.stringContaining(`PORT=${port + 1} ./manage.sh start`),
    });
  });

  it("does without the holder when it cannot be had", () => {
    expect(portInUse(entry(8080), null).message).toBe("Port 8080, which gateway needs, is in use.");
  });

  it("shows a program by its name, and the script it runs", () => {
    expect(commandOf("/usr/bin/node\0/srv/app/server.js\0--port\0")).toBe("node server.js");
    expect(commandOf("/usr/lib/postgresql/15/bin/postgres\0-D\0/data\0")).toBe("postgres");
  });

  it("finds no owner of a free port", async () => {
    expect(await findPortOwner(await findFreePort())).toBeNull();
  });

  it.each([0, 70_000, Number.NaN])("refuses %s as a port", async (wrong) => {
    await expect(requireFreePorts([entry(wrong)])).rejects.toThrow("PORT is not a port");
  });
});
