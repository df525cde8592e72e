import { createClient } from "@passbridge/client";

/** The gateway's functions, for every page. */
export const api = createClient();
