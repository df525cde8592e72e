import { describe, expect, it } from "vitest";
import { SERVICE_NAMES } from "../services.ts";
import { loadContext } from "./context.ts";
import { prefixLine } from "./logs.ts";
import type { ServiceState } from "./native-state.ts";
import { complaints } from "./status.ts";
import { clickLines, stateLines } from "./summary.ts";
import { formatTable } from "./table.ts";

const running = (name: ServiceState["name"]): ServiceState => {
  return { name, state: "running", pid: 7, since: "2026-01-01T00:00:00Z", ports: [1], detail: "", log: null };
};
const all = SERVICE_NAMES.map(running);
const withState = (name: string, change: Partial<ServiceState>) =>
  all.map((state) => (state.name === name ? { ...state, ...change } : state));

describe("formatTable", () => {
  it("aligns columns and leaves no trailing spaces", () => {
    expect(
      formatTable(
        ["a", "long"],
        [
          ["longer", "b"],
          ["c", ""],
        ],
      ),
    ).toEqual(["a       long", "longer  b", "c"]);
  });
});

describe("status", () => {
  it("has nothing to say when all is well", () => {
    expect(complaints(all)).toEqual([]);
  });

  it("says what is down and how to start it", () => {
    const [line, ...others] = complaints(withState("kratos", { state: "stopped", pid: null, detail: "no process" }));
    expect(line).toMatch(/^kratos is down\..*manage\.sh start.*manage\.sh logs kratos/);
    expect(others).toEqual([]);
  });

  it("says what is not well and why", () => {
    const [line] = complaints(withState("gateway", { state: "unhealthy", detail: "answered 503" }));
    expect(line).toMatch(/^gateway is not well: answered 503\..*manage\.sh logs gateway/);
  });

  it("is short when nothing runs", () => {
    expect(complaints(all.map((state) => ({ ...state, state: "stopped" })))).toHaveLength(1);
  });
});

describe("the table of what runs", () => {
  it("has a line for each service, and says where to click", async () => {
    const context = await loadContext(
      { PORT: "9009", MAIL_UI_PORT: "9010", PASSBRIDGE_ENV_FILE: "/nowhere/.env" },
      false,
    );
    const lines = stateLines(all, context);
    expect(lines).toHaveLength(1 + SERVICE_NAMES.length);
    expect(lines.at(-1)).toMatch(/^gateway +running +7 +http:\/\/localhost:9009 /);
    expect(clickLines(context).join("\n")).toMatch(/localhost:9009\/register.*127\.0\.0\.1:9010/);
  });
});

describe("prefixLine", () => {
  it("aligns the names, coloured only when asked to", () => {
    expect(prefixLine("redis", "ready", false)).toBe("redis    | ready");
    expect(prefixLine("postgres", "ready", false)).toBe("postgres | ready");
    expect(prefixLine("redis", "ready", true)).toContain("\u001b[");
  });
});
