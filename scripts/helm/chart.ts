import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { CHECKOUT } from "../checkout.ts";
import { type CommandResult, runCommand, runOrThrow } from "../run-command.ts";
import { ensureHelm } from "./helm-binary.ts";

export const CHART = join(CHECKOUT, "deploy/helm/passbridge");

/** An object that Helm rendered. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
};

export type ChartRun = {
  /** Values files of the chart's ci folder, without the ending. */
  readonly files?: readonly string[];
  /** As on Helm's command line: `gateway.replicas=3`. */
  readonly set?: readonly string[];
  /** What the cluster has, beside Kubernetes' own: `monitoring.coreos.com/v1`. */
  readonly apis?: readonly string[];
};

export type Chart = {
  readonly lint: (run: ChartRun) => Promise<CommandResult>;
  readonly template: (run: ChartRun) => Promise<CommandResult>;
  /** The same of the archive that `helm package` makes. */
  readonly templatePackage: (run: ChartRun) => Promise<CommandResult>;
  /** @throws Error with what Helm said, when it refuses. */
  readonly render: (run: ChartRun) => Promise<KubernetesObject[]>;
  readonly close: () => Promise<void>;
};

type Dependency = { readonly name: string; readonly version: string };

/** What the chart depends on; Helm takes none of it from here. */
export function chartDependencies(): Dependency[] {
  const chart = parse(readFileSync(join(CHART, "Chart.yaml"), "utf8")) as { dependencies: Dependency[] };
  return chart.dependencies;
}

/** In place of a chart that cannot be downloaded: it shows the values that chart would be given, and nothing else. */
async function writeStandIn(folder: string, { name, version }: Dependency): Promise<void> {
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: ${version}\n`);
  const metadata = `metadata: { name: stand-in-${name} }`;
  const template = `apiVersion: v1\nkind: ConfigMap\n${metadata}\ndata: { values: {{ toJson .Values | quote }} }\n`;
  await writeFile(join(folder, "templates/values.yaml"), template);
}

function argumentsOf(folder: string, { files = [], set = [], apis = [] }: ChartRun): string[] {
  const values = files.flatMap((file) => ["--values", join(folder, "ci", `${file}-values.yaml`)]);
  return [...values, ...set.flatMap((value) => ["--set", value]), ...apis.flatMap((api) => ["--api-versions", api])];
}

/**
 * The chart as Helm takes it, with a stand-in for each chart that it depends on.
 * @throws Failure when Helm cannot be built.
 */
export async function openChart(): Promise<Chart> {
  const helm = await ensureHelm();
  const root = await mkdtemp(join(tmpdir(), "passbridge-chart-"));
  const folder = join(root, "passbridge");
  await cp(CHART, folder, { recursive: true });
  for (const dependency of chartDependencies()) await writeStandIn(join(folder, "charts", dependency.name), dependency);
  const env = { PATH: process.env.PATH, HOME: root };

  const templateOf = (chart: string, run: ChartRun) =>
    runCommand(helm, ["template", "here", chart, "--namespace", "there", ...argumentsOf(folder, run)], { env });
  const template = (run: ChartRun) => templateOf(folder, run);
  return {
    template,
    async templatePackage(run) {
      const said = await runOrThrow(helm, ["package", folder, "--destination", root], { env });
      return templateOf(said.split(": ").at(-1) ?? "", run);
    },
    // `helm lint` cannot be told of a cluster.
    lint: ({ apis: _, ...run }) => runCommand(helm, ["lint", "--strict", folder, ...argumentsOf(folder, run)], { env }),
    async render(run) {
      const { code, stdout, stderr } = await template(run);
      if (code !== 0) throw new Error(stderr);
      return parseAllDocuments(stdout)
        .map((document) => document.toJS() as KubernetesObject | null)
        .filter((object) => object !== null);
    },
    close: () => rm(root, { recursive: true }),
  };
}

/**
 * The one object of a kind and a name.
 * @throws Error when there is none.
 */
export function objectOf(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  const [object] = found;
  if (!object || found.length > 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return object;
}

/** The texts in a Secret. */
export function secretTexts({ data = {} }: KubernetesObject): Record<string, string> {
  const entries = Object.entries(data);
  return Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, "base64").toString()]));
}

/** The longest a hook may take that has to build Helm first. */
export const BUILD_TIMEOUT = 900_000;
