import { plainProxyBlock, whoamiProxyBlock } from "../nginx-baselines.ts";
import type { Bench } from "../processes.ts";
import type { Server } from "../programs.ts";

/** nginx in front of the bench's applications, and nothing asked of anybody. */
export const startPlainProxy = ({ startNginx, upstream, sink }: Bench): Promise<Server> =>
  startNginx((place) => plainProxyBlock({ ...place, upstream, sink }));

/** nginx that asks Kratos about each request. */
export const startWhoamiProxy = ({ startNginx, upstream, sink, kratos }: Bench): Promise<Server> =>
  startNginx((place) => whoamiProxyBlock({ ...place, upstream, sink }, kratos));
