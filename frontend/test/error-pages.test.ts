import { expect, test } from "vitest";
import { picture } from "./support/browser.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();

test("an error of the gateway: plain words, one action, the request small", async () => {
  await it.open("/error?code=upstream_unavailable&request_id=req-77");
  await it.page.getByRole("heading", { name: "Not reachable right now" }).waitFor();
  expect(await it.page.getByText("upstream_unavailable").count()).toBe(0);
  await it.page.getByText("Request req-77").waitFor();
  expect(await it.page.getByRole("main").getByRole("link").count()).toBe(1);
  await picture(it.page, "error-unavailable");
});

test("an error of Kratos, by its id", async () => {
  it.server.on("GET /.ory/kratos/self-service/errors", {
    body: { id: "e-1", error: { id: "security_csrf_violation", code: 403 } },
  });
  await it.open("/error?id=e-1");
  await it.page.getByRole("heading", { name: "That took too long" }).waitFor();
  await picture(it.page, "error-expired");
  await it.page.getByRole("link", { name: "Go to sign-in" }).click();
  await it.page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
});

test.each(["/error", "/error?id=gone", "/error?code=<script>alert(1)</script>"])(
  "%s: the general words",
  async (path) => {
    await it.open(path);
    await it.page.getByRole("heading", { name: "Something went wrong" }).waitFor();
  },
);

test("an address no page has", async () => {
  await it.open("/login/nowhere");
  await it.page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  await picture(it.page, "not-found");
  await it.page.getByRole("link", { name: "Go to the start" }).click();
  await it.page.getByRole("heading", { name: "The application" }).waitFor();
});
