import { createServer } from "node:http";
import { readAnswer } from "./answer.ts";
import { listen } from "./listen.ts";

/** node:http alone, answering every request with what the gateway answers. */
const { headers, body } = readAnswer();
const length: [string, string] = ["Content-Length", String(Buffer.byteLength(body))];
const lines = [...headers, length].flat();
listen(createServer((_request, response) => void response.writeHead(200, lines).end(body)));
