import type { KubernetesObject } from "./chart.ts";

export type Container = {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: unknown;
  readonly resources: unknown;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
};

type Probe = { readonly httpGet: { readonly path: string; readonly port: string; readonly scheme?: string } };

export type PodSpec = {
  readonly automountServiceAccountToken: boolean;
  readonly serviceAccountName: string;
  readonly securityContext: unknown;
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string; readonly labelSelector: unknown }[];
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string }[];
};

export type Pod = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
};

type Template = {
  readonly template: { readonly metadata: KubernetesObject["metadata"]; readonly spec: PodSpec };
};

/** The pod of a workload, or of a Pod itself; null for anything else. */
export function podOf(object: KubernetesObject): Pod | null {
  const { kind, metadata } = object;
  const template = kind === "Pod" ? { metadata, spec: object.spec as PodSpec } : (object.spec as Template)?.template;
  if (!template || !["Pod", "Deployment", "Job"].includes(kind)) return null;
  const { labels = {}, annotations = {} } = template.metadata;
  return { labels, annotations, spec: template.spec };
}

/**
 * The only container of a workload.
 * @throws Error when it has none.
 */
export function containerOf(object: KubernetesObject): Container {
  const container = podOf(object)?.spec.containers[0];
  if (!container) throw new Error(`${object.kind} ${object.metadata.name} has no container`);
  return container;
}

/** Whether labels fit a selector's `matchLabels`. */
export function isSelected(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
