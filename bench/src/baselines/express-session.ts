import { createServer } from "node:http";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";
import { listen } from "./listen.ts";

const { BODY = "", REDIS_URL = "", SESSION_SECRET = "", SESSION_COOKIE = "", SESSION_PREFIX = "" } = process.env;
const client = await createClient({ url: REDIS_URL }).connect();

/** What an application would write by itself: the middleware loads the session, the handler answers those who have one. */
const app = express();
app.get("/ready", (_request, response) => {
  response.sendStatus(200);
});
app.use(
  session({
    name: SESSION_COOKIE,
    secret: SESSION_SECRET,
    store: new RedisStore({ client, prefix: SESSION_PREFIX }),
    resave: false,
    saveUninitialized: false,
  }),
);
app.get("/{*path}", (request, response) => {
  if ("passkey" in request.session) response.type("json").send(BODY);
  else response.sendStatus(401);
});
listen(createServer(app));
