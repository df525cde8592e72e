import type { Server } from "./programs.ts";

const PAGE_BYTES = 2_048;
const page = "<!doctype html><title>page</title>".padEnd(PAGE_BYTES, "passbridge ");

/** Nobody's connection ends because it was used often, and what is written down is written as the gateway does: to a file, all of it. */
const COMMON = `
  keepalive_requests 1000000000;
  sendfile on;
  client_max_body_size 0;`;

/** The application behind every proxy: answers from memory and by sendfile, and says who it was told is asking. */
export const upstreamBlock = (port: number, largeFile: string) => `${COMMON}
  access_log off;
  server {
    listen 127.0.0.1:${port};
    location = /ready { return 200; }
    location = /page { default_type text/html; charset utf-8; return 200 "${page}"; }
    location = /who { default_type text/plain; return 200 "$http_remote_user"; }
    location = /large { default_type application/octet-stream; alias ${largeFile}; }
  }`;

type Behind = { readonly port: number; readonly upstream: Server; readonly sink: Server; readonly log: string };

const host = ({ address }: Server) => new URL(address).host;

const PROXY = `
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $host;`;

/** As operators are told to: connections kept to all that is asked, bodies streamed, the log buffered. */
const proxyBlock = (
  { port, upstream, sink, log }: Behind,
  more: { readonly http: string; readonly server: string },
) => `
${COMMON}
  access_log ${log} combined buffer=64k flush=1s;
  upstream application { server ${host(upstream)}; keepalive 64; }
  upstream sink { server ${host(sink)}; keepalive 64; }${more.http}
  server {
    listen 127.0.0.1:${port};
    proxy_request_buffering off;
    proxy_max_temp_file_size 0;${PROXY}
    location = /ready { return 200; }
    location / { proxy_pass http://application; }
    location = /sink { proxy_pass http://sink; }${more.server}
  }`;

/** nginx in front of the application, and nothing asked of anybody. */
export const plainProxyBlock = (behind: Behind) => proxyBlock(behind, { http: "", server: "" });

/** nginx that asks Kratos about each request, and tells the application who it is: what one builds without a gateway. */
export const whoamiProxyBlock = (behind: Behind, kratos: Server) =>
  proxyBlock(behind, {
    http: `
  upstream kratos { server ${host(kratos)}; keepalive 64; }`,
    server: `
    location = /whoami {
      internal;
      proxy_pass http://kratos/sessions/whoami;
      proxy_pass_request_body off;${PROXY}
      proxy_set_header Content-Length "";
    }
    location ~ ^/(?:page|who)$ {
      auth_request /whoami;
      auth_request_set $identity $upstream_http_x_kratos_authenticated_identity_id;${PROXY}
      proxy_set_header Remote-User $identity;
      proxy_pass http://application;
    }`,
  });
