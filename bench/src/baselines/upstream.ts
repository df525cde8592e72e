import { createServer } from "node:http";
import { listen } from "./listen.ts";

/** A page of 2 kB by node:http alone: the gateway's upstream, and what it is without the gateway. */
const page = Buffer.from("<!doctype html><title>page</title>".padEnd(2_047, "passbridge ").concat("\n"));

listen(
  createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": page.length }).end(page);
  }),
);
