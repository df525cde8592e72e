import { afterAll, expect, test } from "vitest";
import { type KubernetesObject, objectOf } from "./chart.ts";
import { openRenderedChart } from "./rendered-chart.ts";
import { containerOf } from "./workloads.ts";

type Peer = { readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> } };
type Rule = {
  readonly ports: readonly { readonly port: number | string; readonly protocol: string }[];
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
};
type Policy = { readonly ingress: readonly Rule[]; readonly egress: readonly Rule[] };

const { chart, least, all } = await openRenderedChart();
afterAll(() => chart.close());

const policyOf = (objects: readonly KubernetesObject[], name: string) =>
  objectOf(objects, "NetworkPolicy", name).spec as Policy;
const rulesFor = (rules: readonly Rule[], port: number | string) =>
  rules.filter(({ ports }) => ports.some((one) => one.port === port));
const KRATOS = {
  podSelector: { matchLabels: { "app.kubernetes.io/instance": "here", "app.kubernetes.io/name": "kratos" } },
};
const podsOf = (component: string) => ({
  podSelector: {
    matchLabels: {
      "app.kubernetes.io/name": "passbridge",
      "app.kubernetes.io/instance": "here",
      "app.kubernetes.io/component": component,
    },
  },
});

test.each([
  ["here-passbridge", least],
  ["front", all],
])("Services, probes and policies of %s mean ports that its container has", (name, objects) => {
  const names = containerOf(objectOf(objects, "Deployment", name)).ports?.map((port) => port.name);
  expect(names).toEqual(["http", "operators"]);
  const targets = [name, `${name}-operators`].map((service) => {
    const { ports } = objectOf(objects, "Service", service).spec as { ports: { targetPort: string }[] };
    return ports.map(({ targetPort }) => targetPort);
  });
  expect(targets).toEqual([["http"], ["operators"]]);
  const { ingress } = policyOf(objects, name);
  expect(ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual(names);
});

test("the operators' port is for Kratos and monitoring alone", () => {
  const [rule] = rulesFor(policyOf(least, "here-passbridge").ingress, "operators");
  const monitoring = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
  expect(rule?.from).toEqual([monitoring, KRATOS]);
});

test("with nobody to monitor and Kratos elsewhere the operators' port is closed", async () => {
  const objects = await chart.render({ files: ["elsewhere"], set: ["networkPolicy.operators=null"] });
  expect(rulesFor(policyOf(objects, "here-passbridge").ingress, "operators")).toEqual([]);
});

test("once it is said who may reach the gateway, nobody else does but the sample and helm test", () => {
  expect(rulesFor(policyOf(least, "here-passbridge").ingress, "http")[0]?.from).toBeUndefined();
  const [rule] = rulesFor(policyOf(all, "front").ingress, "http");
  const controller = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } };
  expect(rule?.from).toEqual([controller, podsOf("frontend"), podsOf("test")]);
});

test("the gateway reaches what it needs and nothing else", () => {
  const { egress } = policyOf(least, "here-passbridge");
  const reached = egress.map(({ ports, to }) => [ports.map(({ port }) => port), to ?? "anywhere"]);
  expect(reached).toEqual([
    [[53, 53], "anywhere"],
    [[4433, 4434], [KRATOS]],
    [["http"], [podsOf("frontend")]],
    [[5432], "anywhere"],
    [[6379], "anywhere"],
    [[465, 587], "anywhere"],
  ]);
});

test("an application of one's own, metadata and a proxy are reached where that is said", () => {
  const { egress } = policyOf(all, "front");
  expect(rulesFor(egress, 8443)[0]?.to).toEqual([{ podSelector: { matchLabels: { app: "shop" } } }]);
  expect(rulesFor(egress, 443)).toHaveLength(1);
  expect(rulesFor(egress, 3128)).toHaveLength(1);
  expect(rulesFor(egress, "http")).toEqual([]);
});

test("Kratos' ports are the gateway's alone", () => {
  const { ingress } = policyOf(least, "here-passbridge-kratos");
  expect(ingress).toEqual([
    {
      ports: [
        { port: 4433, protocol: "TCP" },
        { port: 4434, protocol: "TCP" },
      ],
      from: [podsOf("gateway")],
    },
  ]);
});

test("the sample application is reached by the gateway alone", () => {
  const { ingress, egress } = policyOf(least, "here-passbridge-frontend");
  expect(ingress.map(({ from }) => from)).toEqual([[podsOf("gateway")]]);
  expect(rulesFor(egress, "http")[0]?.to).toEqual([podsOf("gateway")]);
});

test("the ingress leads to the gateway, never to the operators' port", () => {
  const { rules, tls } = objectOf(all, "Ingress", "front").spec as {
    rules: { host: string; http: { paths: { backend: unknown }[] } }[];
    tls: { hosts: string[] }[];
  };
  expect(rules.map(({ host }) => host)).toEqual(["id.example.com", "app.example.com"]);
  expect(tls.flatMap(({ hosts }) => hosts)).toEqual(["id.example.com", "app.example.com"]);
  const backends = rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend));
  expect(new Set(backends.map((backend) => JSON.stringify(backend)))).toEqual(
    new Set([JSON.stringify({ service: { name: "front", port: { name: "http" } } })]),
  );
});
