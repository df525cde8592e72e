import { useSearchParams } from "react-router";
import { safeReturnTo } from "./return-to.ts";

/** Where this visit is to end: the safe `return_to` of the address, or the start. */
export function useReturnTo(): string {
  const [query] = useSearchParams();
  return safeReturnTo(query.get("return_to"));
}
