import { expect, test } from "vitest";
import { readSmtpServer } from "./smtp-server.ts";

test.each([
  ["smtp://127.0.0.1:1025/?disable_starttls=true", { host: "127.0.0.1", port: 1025, encryption: "none", login: null }],
  ["smtp://127.0.0.1:1025?disable_starttls=1", { host: "127.0.0.1", port: 1025, encryption: "none" }],
  ["smtp://mail.example.com", { port: 587, encryption: "starttls", certificateName: "mail.example.com" }],
  ["smtp://mail.example.com:25/?disable_starttls=false", { port: 25, encryption: "starttls" }],
  ["smtps://mail.example.com/", { port: 465, encryption: "tls", certificateName: "mail.example.com" }],
  ["smtps://10.0.0.5:465/?server_name=mail.example.com", { host: "10.0.0.5", certificateName: "mail.example.com" }],
  ["smtps://mail.example.com/?skip_ssl_verify=true", { encryption: "tls", certificateName: null }],
  ["smtp://[::1]:1025/?disable_starttls=true", { host: "::1" }],
  ["smtps://ann%40example.com:p%2Fw%3A@mail.example.com/", { login: { user: "ann@example.com", pass: "p/w:" } }],
])("%s", (url, server) => {
  expect(readSmtpServer(new URL(url))).toMatchObject(server);
});
