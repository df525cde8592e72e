import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";

const TIMEOUT = 3_000;
/** How much of an answer is worth showing: it names what the service misses. */
const SHOWN_BODY = 200;

/**
 * Asks a health end point on this machine.
 * @param worstStatus the highest status that still counts as healthy.
 * @throws Error unless it answers with such a status in time.
 */
export function checkHttp(url: string, worstStatus = 299): Promise<void> {
  return new Promise((resolve, reject) => {
    // The certificate is made for the name people use, not for the loopback address asked here; nothing secret is sent.
    const options = { agent: false, rejectUnauthorized: false, timeout: TIMEOUT };
    const get = url.startsWith("https:") ? getSecure : getPlain;
    const request = get(url, options, (response) => {
      const status = response.statusCode ?? 0;
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        if (body.length < SHOWN_BODY) body += chunk;
      });
      response.on("end", () => {
        if (status >= 200 && status <= worstStatus) resolve();
        else reject(new Error(`${url} answered ${status} ${body.slice(0, SHOWN_BODY).replaceAll(/\s+/g, " ")}`.trim()));
      });
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`${url} does not answer`)));
    request.on("error", reject);
  });
}
