import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { z } from "zod";

const FILE = join(import.meta.dirname, "../../../docs/openapi.yaml");

type Operation = {
  readonly responses?: Readonly<Record<string, { $ref?: string; content?: Record<string, unknown> }>>;
};

const document = z
  .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
  .loose()
  .parse(parse(readFileSync(FILE, "utf8")));

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Every operation the document names. */
export const OPERATIONS = Object.entries(document.paths).flatMap(([path, operations]) =>
  METHODS.filter((method) => operations[method.toLowerCase()] !== undefined).map((method) => ({ method, path })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "openapi");

const pointerPart = (part: string) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

function pathOf(url: string): string | undefined {
  const path = url.split("?", 1)[0] ?? "";
  const fits = (template: string) => new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path);
  const templates = Object.keys(document.paths);
  return templates.find((template) => template === path) ?? templates.find(fits);
}

function responseKey(operation: Operation, status: number): string | undefined {
  const range = `${Math.floor(status / 100)}XX`;
  return [String(status), range, "default"].find((key) => operation.responses?.[key] !== undefined);
}

function schemaOf(method: string, template: string, status: number, type: string): ValidateFunction | null {
  const operation = document.paths[template]?.[method] as Operation | undefined;
  const key = operation && responseKey(operation, status);
  if (!operation || !key) throw new Error(`docs/openapi.yaml has no answer ${status} for ${method} ${template}`);
  const answer = operation.responses?.[key];
  const pointer = answer?.$ref ?? `#/paths/${pointerPart(template)}/${method}/responses/${pointerPart(key)}`;
  return ajv.getSchema(`openapi${pointer}/content/${pointerPart(type)}/schema`) ?? null;
}

/** The data of the events in a stream's text. */
const eventData = (text: string) => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => data);

/**
 * Holds an answer of the running gateway against docs/openapi.yaml: the status has to be named there, and the body
 * has to fit its schema. Paths that the document does not name pass.
 */
export async function holdAgainstContract(method: string, url: string, response: Response): Promise<void> {
  const template = pathOf(url);
  if (!template || !document.paths[template]?.[method.toLowerCase()]) return;
  const type = (response.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
  const text = await response.clone().text();
  const validate = schemaOf(method.toLowerCase(), template, response.status, type);
  if (!validate) {
    if (text === "") return;
    throw new Error(
      `${method} ${template} → ${response.status}: docs/openapi.yaml names no body of type ${type || "none"}`,
    );
  }
  const bodies = type === "text/event-stream" ? eventData(text) : [text];
  if (bodies.every((body) => validate(JSON.parse(body)))) return;
  throw new Error(`${method} ${template} → ${response.status}: ${ajv.errorsText(validate.errors)} in ${text}`);
}
