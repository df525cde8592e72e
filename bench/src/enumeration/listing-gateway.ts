import { createServer } from "node:http";
import { loadConfig } from "../../../gateway/src/config.ts";
import { createGateway } from "../../../gateway/src/gateway.ts";
import { firstPolicy } from "../../../gateway/src/policy/passkey-policy.ts";
import { listen } from "../baselines/listen.ts";

/** The gateway under a policy in which an e-mail leads to a list of credentials. */
const config = loadConfig({ ...process.env, PUBLIC_URL: `http://localhost:${process.env.PORT}` });
const policy = { ...firstPolicy(config.passkeys.maxPerUser), residentKey: "preferred" } as const;
const gateway = await createGateway(config, { policy: async () => policy });
listen(createServer(gateway.app));
