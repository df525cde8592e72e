import { expect, it } from "vitest";
import { relatedOriginLabels } from "./related-origins.ts";

it.each([
  ["one site's hosts", ["https://example.com", "https://www.example.com", "https://id.example.com:8443"], ["example"]],
  [
    "one name in several countries",
    ["https://example.com", "https://example.de", "https://www.example.co.uk"],
    ["example"],
  ],
  ["several names", ["https://example.com", "https://brand.net", "https://shop.org"], ["example", "brand", "shop"]],
  ["a machine of one's own", ["http://localhost:8080"], ["localhost"]],
  ["a short name", ["https://co.uk.example", "https://x.co"], ["uk", "x"]],
])("counts %s by label", (_what, origins, labels) => {
  expect(relatedOriginLabels(origins)).toEqual(labels);
});
