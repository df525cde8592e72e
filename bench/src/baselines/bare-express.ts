import { createServer } from "node:http";
import express from "express";
import { listen } from "./listen.ts";

/** Express with its defaults, answering every GET with the JSON text in BODY. */
const body = process.env.BODY ?? "";
const app = express();
app.get("/{*path}", (_request, response) => {
  response.type("json").send(body);
});
listen(createServer(app));
