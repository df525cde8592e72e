const ELEMENTS: ReadonlySet<string> = new Set([
  ...["svg", "g", "defs", "use", "title", "desc", "style", "path", "circle", "ellipse", "rect", "line", "polygon"],
  ...["polyline", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "filter"],
  ...["feBlend", "feColorMatrix", "feFlood", "feGaussianBlur", "feMerge", "feMergeNode", "feOffset"],
]);

/** What can run, load or lead away: handlers of events, and references to anything but a part of the same picture. */
const HANDLER = /^on/i;
const REFERENCE = /^(?:xlink:)?href$|^src$/i;
const NAMESPACE = /^xmlns(?::\w+)?$/;
const W3C = /^http:\/\/www\.w3\.org\/(?:2000\/svg|1999\/xlink)$/;
const FOREIGN = /url\(\s*["']?(?!#)|@|\\|expression\(|(?:javascript|data|https?|file):/i;

const TAG = /<(\/?)([\w:-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function attributeFault(name: string, value: string): string | null {
  if (HANDLER.test(name)) return `the handler ${name}`;
  if (NAMESPACE.test(name)) return W3C.test(value) ? null : `the namespace ${value}`;
  if (REFERENCE.test(name) && !value.startsWith("#")) return `the reference ${value}`;
  return FOREIGN.test(value) ? `${name}="${value}"` : null;
}

function tagFaults(element: string, attributes: string): string[] {
  const unknown = ELEMENTS.has(element) ? [] : [`the element ${element}`];
  const faults = [...attributes.matchAll(ATTRIBUTE)].map(([, name = "", double, single]) =>
    attributeFault(name, double ?? single ?? ""),
  );
  return [...unknown, ...faults.filter((fault) => fault !== null)];
}

/**
 * What a picture from outside has that a still picture needs not: scripts, handlers, references to other files,
 * anything but the plain elements of shapes and colours. Whatever is not understood is a fault as well.
 * @returns one line each; empty for a picture that may be served.
 */
export function svgFaults(text: string): string[] {
  const faults = [...text.matchAll(TAG)].flatMap(([, , element = "", attributes = ""]) =>
    tagFaults(element, attributes),
  );
  const rest = text.replaceAll(TAG, "");
  if (!/^\s*<svg[\s>]/.test(text)) faults.push("no svg element at the start");
  if (/[<>&]/.test(rest)) faults.push("marks that are not understood");
  if (FOREIGN.test(rest)) faults.push("text that refers to something else");
  return faults;
}
