import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { runCommand } from "../run-command.ts";
import { makeMissingSecrets, SECRETS } from "../settings.ts";
import { interpolate, readCompose, readRawCompose } from "./read-compose.ts";

const FILES = ["docker-compose.yml", "deploy/compose.tls.yml"];
const ONE_SHOTS = ["kratos-migrate", "gateway-migrate"];
const secrets = makeMissingSecrets({}, {});
const compose = readCompose("docker-compose.yml", secrets);
const services = Object.entries(compose.services);

const schema = JSON.parse(readFileSync(join(CHECKOUT, "scripts/compose/vendor/compose-spec.json"), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
const validate = ajv.compile(schema);

test.each(FILES)("%s follows the schema of the Compose Specification", (file) => {
  expect(validate(readRawCompose(file)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(readCompose(file, secrets)), JSON.stringify(validate.errors)).toBe(true);
});

test("the schema refuses what compose would refuse", () => {
  expect(validate({ services: { gateway: { image: "x", heathcheck: {} } } })).toBe(false);
});

test("docker compose reads the files, where it is installed", async ({ skip }) => {
  const version = await runCommand("docker", ["compose", "version", "--short"]);
  skip(version.code !== 0, "docker compose is not installed on this machine");
  const args = ["compose", ...FILES.flatMap((file) => ["-f", file]), "config", "--quiet"];
  const result = await runCommand("docker", args, { cwd: CHECKOUT, env: { ...process.env, ...secrets } });
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
});

test.each(Object.keys(SECRETS))("refuses to start without %s", (name) => {
  expect(() => readCompose("docker-compose.yml", { ...secrets, [name]: "" })).toThrow(`${name} is required`);
});

test("only the gateway and the inbox are published, on the loopback address", () => {
  const published = services.flatMap(([name, service]) => (service.ports ?? []).map((port) => `${name} ${port}`));
  expect(published.sort()).toEqual(["gateway 127.0.0.1:8080:8080", "mailpit 127.0.0.1:8025:8025"]);
  const moved = readCompose("docker-compose.yml", { ...secrets, PORT: "9000", MAIL_UI_PORT: "9001" }).services;
  expect(moved.gateway?.ports).toEqual(["127.0.0.1:9000:9000"]);
  expect(moved.mailpit?.ports).toEqual(["127.0.0.1:9001:8025"]);
});

test("every service says whether it is healthy, and comes back by itself", () => {
  for (const [name, service] of services.filter(([service]) => !ONE_SHOTS.includes(service))) {
    expect(service.healthcheck?.test?.length, name).toBeGreaterThan(1);
    expect(service.restart, name).toBe("unless-stopped");
  }
});

test("the migrations run once, before what needs them", () => {
  for (const name of ONE_SHOTS) expect(compose.services[name]?.restart, name).toBe("no");
  const completed = { condition: "service_completed_successfully" };
  expect(compose.services.kratos?.depends_on).toMatchObject({ "kratos-migrate": completed });
  expect(compose.services.gateway?.depends_on).toMatchObject({ "gateway-migrate": completed });
});

test("no service gains privileges, and what we build writes nowhere but to /tmp", () => {
  for (const [name, service] of services) {
    expect(service.security_opt, name).toEqual(["no-new-privileges:true"]);
    if (service.build) expect(service.read_only, name).toBe(true);
  }
});

test("the application behind the gateway cannot reach Kratos or a store", () => {
  const namesOf = (networks: object = []) => (Array.isArray(networks) ? networks : Object.keys(networks));
  const neighbours = services.filter(([, { networks }]) => namesOf(networks).includes("front"));
  expect(neighbours.map(([name]) => name).sort()).toEqual(["frontend", "gateway"]);
  expect(compose.services.frontend?.networks).toEqual(["front"]);
});

test("the data lies in named volumes", () => {
  const named = services.flatMap(([, { volumes = [] }]) => volumes.filter((volume) => typeof volume === "string"));
  expect(named.map((volume) => volume.split(":")[0]).sort()).toEqual(Object.keys(compose.volumes).sort());
});

test("what is mounted from the checkout is there", () => {
  const bound = services.flatMap(([, { volumes = [] }]) => volumes).filter((volume) => typeof volume !== "string");
  expect(bound.length).toBeGreaterThan(0);
  for (const { source } of bound) expect(existsSync(join(CHECKOUT, source)), source).toBe(true);
});

test("variables are put in as compose does", () => {
  const environment = { SET: "a", EMPTY: "" };
  const variable = (expression: string) => `\${${expression}}`;
  const expectations = {
    [variable("SET")]: "a",
    [variable("NONE")]: "",
    [variable("EMPTY:-b")]: "b",
    [`${variable(`NONE:-${variable("SET")}c`)}d`]: "acd",
    $$d: "$d",
  };
  for (const [text, expected] of Object.entries(expectations)) expect(interpolate(text, environment)).toBe(expected);
  expect(() => interpolate(variable("EMPTY:?say why"), environment)).toThrow("EMPTY is required: say why");
});
