import { createServer } from "node:http";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";
import { readAnswer } from "./answer.ts";
import { listen } from "./listen.ts";
import { sendAnswer } from "./send-answer.ts";

const { REDIS_URL = "", SESSION_SECRET = "", SESSION_COOKIE = "", SESSION_PREFIX = "" } = process.env;
const answer = readAnswer();
const client = await createClient({ url: REDIS_URL }).connect();

/** What an application would write by itself: the middleware loads the session, the handler answers those who have one. */
const app = express().disable("x-powered-by");
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
  if ("passkey" in request.session) sendAnswer(response, answer);
  else response.sendStatus(401);
});
listen(createServer(app));
