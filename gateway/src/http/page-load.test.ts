import { describe, expect, it } from "vitest";
import { isPageLoad } from "./page-load.ts";

describe("isPageLoad", () => {
  it.each([
    [{ "sec-fetch-mode": "navigate" }, true],
    [{ "sec-fetch-mode": "navigate", accept: "application/json" }, true],
    [{ "sec-fetch-mode": "cors", accept: "text/html" }, false],
    [{ "sec-fetch-mode": "websocket" }, false],
    [{ "sec-fetch-mode": "" }, false],
    [{ accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" }, true],
    [{ accept: "application/json, Text/HTML ; q=0.5" }, true],
    [{ accept: "text/html;q=0, */*" }, false],
    [{ accept: "text/html;q=0.000" }, false],
    [{ accept: "*/*" }, false],
    [{ accept: "text/htmlx" }, false],
    [{}, false],
  ])("%j → %s", (headers, expected) => {
    expect(isPageLoad({ headers })).toBe(expected);
  });
});
