import { createServer } from "node:http";
import express from "express";
import { Pool } from "pg";
import { createClient } from "redis";
import { listen } from "./listen.ts";

const { DATABASE_URL = "", REDIS_URL = "" } = process.env;

/** What an application with the same stores is before it does anything: ready when both answer. */
const database = new Pool({ connectionString: DATABASE_URL });
const redis = createClient({ url: REDIS_URL });
await Promise.all([database.query("SELECT 1"), redis.connect()]);

const app = express();
app.get("/health/ready", (_request, response, next) => {
  Promise.all([database.query("SELECT 1"), redis.ping()]).then(() => response.sendStatus(200), next);
});
listen(createServer(app));
