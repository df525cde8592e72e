import { expect, test } from "vitest";
import { svgFaults } from "./svg-faults.ts";

const svg = (content: string, attributes = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${content}</svg>`;

test.each([
  svg('<path d="M0 0h24v24H0z" fill="#fff"/>', ' viewBox="0 0 24 24"'),
  svg('<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><rect fill="url(#a)"/>'),
  svg('<use xlink:href="#a"/>', ' xmlns:xlink="http://www.w3.org/1999/xlink"'),
  svg("<style>.a{fill:#123}</style><title>Name</title>"),
])("%s is a still picture", (text) => {
  expect(svgFaults(text)).toEqual([]);
});

test.each([
  ["a script", svg("<script>alert(1)</script>")],
  ["a handler", svg('<path d="M0 0"/>', ' onload="alert(1)"')],
  ["a link", svg('<a href="#x"><path d="M0 0"/></a>')],
  ["a foreign picture", svg('<image href="https://example.com/x.png"/>')],
  ["a foreign part", svg('<use href="https://example.com/x.svg#a"/>')],
  ["a foreign colour", svg('<rect fill="url(https://example.com/x.svg#a)"/>')],
  ["a foreign style sheet", svg("<style>@import 'https://example.com/x.css';</style>")],
  ["an escaped style", svg("<style>.a{fill:\\75rl(x)}</style>")],
  ["a page inside", svg("<foreignObject><div/></foreignObject>")],
  ["an animation", svg('<animate attributeName="href" to="#"/>')],
  ["an entity", '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'],
  ["an unquoted attribute", svg("<path onclick=alert(1) />")],
  ["another namespace", '<svg xmlns="http://www.w3.org/1999/xhtml"></svg>'],
  ["no picture", "<html></html>"],
])("%s is found", (_what, text) => {
  expect(svgFaults(text)).not.toEqual([]);
});
