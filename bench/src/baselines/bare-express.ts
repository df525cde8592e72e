import { createServer } from "node:http";
import express from "express";
import { readAnswer } from "./answer.ts";
import { listen } from "./listen.ts";
import { sendAnswer } from "./send-answer.ts";

/** Express with its defaults, answering every GET with what the gateway answers. */
const answer = readAnswer();
const app = express().disable("x-powered-by");
app.get("/{*path}", (_request, response) => sendAnswer(response, answer));
listen(createServer(app));
