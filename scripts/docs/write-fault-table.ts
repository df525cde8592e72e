import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { faultWords } from "./fault-words.ts";
import { replaceMarked } from "./marked-part.ts";

const PAGE = join(CHECKOUT, "docs/operations.md");

writeFileSync(PAGE, replaceMarked(readFileSync(PAGE, "utf8"), "faults", faultWords()));
