import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { obtainGo } from "../parts/go-program.ts";
import { runWithRetries } from "../parts/run-with-retries.ts";
import type { KubernetesObject } from "./chart.ts";

/** Both carry schemas as their authors generate them: Kubernetes' own OpenAPI, and the operator's definitions. */
const KUBERNETES = { module: "sigs.k8s.io/kubectl-validate@v0.0.4", folder: "pkg/openapiclient/builtins/1.30" };
const PROMETHEUS = {
  module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
  folder: "example/prometheus-operator-crd",
};

type Source = typeof KUBERNETES;
type Schema = Record<string, unknown>;

/** Go checks what it downloads against the checksum database, and keeps it in its module cache. */
async function download({ module, folder }: Source): Promise<string> {
  const go = await obtainGo([1, 21, 0], () => undefined);
  const env = { ...process.env, ...go.env, GOFLAGS: "" };
  const telling = { what: `Downloading ${module}`, onProgress: () => undefined };
  const answer = await runWithRetries(go.command, ["mod", "download", "-json", module], { cwd: "/", env }, telling);
  return join((JSON.parse(answer) as { Dir: string }).Dir, folder);
}

/** A member that no schema names is a mistake: what `kubectl apply --validate=strict` says too. */
function withoutUnknownMembers(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutUnknownMembers);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.entries(schema).map(([name, value]) => [name, withoutUnknownMembers(value)]);
  const result = Object.fromEntries(inner) as Schema;
  const isObject = typeof result.properties === "object" && (result.type === "object" || result.type === undefined);
  const isOpen = "additionalProperties" in result || result["x-kubernetes-preserve-unknown-fields"] === true;
  return isObject && !isOpen ? { ...result, additionalProperties: false } : result;
}

function fileOf(apiVersion: string): string {
  if (!apiVersion.includes("/")) return `api/${apiVersion}.json`;
  const [group = "", version = ""] = apiVersion.split("/");
  return `apis/${group}/${version}.json`;
}

function kubernetesSchema(folder: string, { apiVersion, kind }: KubernetesObject): Schema {
  const text = readFileSync(join(folder, fileOf(apiVersion)), "utf8");
  const { schemas } = (JSON.parse(text) as { components: { schemas: Record<string, Schema> } }).components;
  const isKind = ({ "x-kubernetes-group-version-kind": kinds }: Schema) =>
    Array.isArray(kinds) &&
    kinds.some((one) => one.kind === kind && [one.group, one.version].filter(Boolean).join("/") === apiVersion);
  const name = Object.keys(schemas).find((key) => isKind(schemas[key] ?? {}));
  if (!name) throw new Error(`Kubernetes has no ${apiVersion} ${kind}`);
  return { ...(withoutUnknownMembers({ components: { schemas } }) as Schema), $ref: `#/components/schemas/${name}` };
}

type Definition = {
  spec: { group: string; versions: { name: string; schema: { openAPIV3Schema: { properties: Schema } } }[] };
};

function definedSchema(folder: string, { apiVersion, kind }: KubernetesObject): Schema {
  const file = `monitoring.coreos.com_${kind.toLowerCase()}s.yaml`;
  const { spec } = parse(readFileSync(join(folder, file), "utf8")) as Definition;
  const version = spec.versions.find(({ name }) => `${spec.group}/${name}` === apiVersion);
  if (!version) throw new Error(`${file} has no ${apiVersion}`);
  const { openAPIV3Schema: schema } = version.schema;
  // The API server's own part; the definition leaves it open.
  const metadata = { type: "object" };
  return withoutUnknownMembers({ ...schema, properties: { ...schema.properties, metadata } }) as Schema;
}

/**
 * Checks of objects against Kubernetes' own schemas, and against Prometheus' operator's for a ServiceMonitor.
 * @returns a function that tells an object's faults, with their places; empty when it is right.
 * @throws Failure when the schemas cannot be downloaded.
 */
export async function openSchemas(): Promise<(object: KubernetesObject) => string[]> {
  const [kubernetes, prometheus] = await Promise.all([download(KUBERNETES), download(PROMETHEUS)]);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const compiled = new Map<string, ValidateFunction>();
  const compile = (object: KubernetesObject) => {
    const isDefined = object.apiVersion.startsWith("monitoring.coreos.com/");
    return ajv.compile(isDefined ? definedSchema(prometheus, object) : kubernetesSchema(kubernetes, object));
  };
  return (object) => {
    const key = `${object.apiVersion} ${object.kind}`;
    const validate = compiled.get(key) ?? compile(object);
    compiled.set(key, validate);
    const subject: unknown = object;
    if (validate(subject)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${key} ${object.metadata.name}${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  };
}
