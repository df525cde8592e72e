import { describe, expect, it } from "vitest";
import { loadDashboardConfig } from "./config.ts";

describe("loadDashboardConfig", () => {
  it("has a default for everything", () => {
    expect(loadDashboardConfig({})).toEqual({
      host: "127.0.0.1",
      port: 3000,
      publicUrl: new URL("http://localhost:8080"),
      gatewayUrl: new URL("http://localhost:8080"),
      audience: "http://localhost:8080",
    });
  });

  it("takes what the environment says, and fetches keys at PUBLIC_URL unless told otherwise", () => {
    const config = loadDashboardConfig({
      DASHBOARD_HOST: "0.0.0.0",
      DASHBOARD_PORT: "0",
      PUBLIC_URL: "https://example.com/",
      DASHBOARD_AUDIENCE: " ",
    });
    expect(config).toMatchObject({ host: "0.0.0.0", port: 0, audience: "https://example.com" });
    expect(config.gatewayUrl.href).toBe("https://example.com/");
    expect(loadDashboardConfig({ GATEWAY_URL: "http://gateway:8080" }).gatewayUrl.host).toBe("gateway:8080");
  });

  it("names every fault at once", () => {
    const load = () =>
      loadDashboardConfig({ DASHBOARD_PORT: "70000", PUBLIC_URL: "localhost", GATEWAY_URL: "ftp://x" });
    expect(load).toThrow(/DASHBOARD_PORT: 70000/);
    expect(load).toThrow(/PUBLIC_URL: localhost/);
    expect(load).toThrow(/GATEWAY_URL: ftp/);
  });
});
