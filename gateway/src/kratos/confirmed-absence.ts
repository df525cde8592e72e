/**
 * Kratos answers whoami with 401 as well when its database does not answer it (1.3.1, session/handler.go): taken for an
 * absence, an outage would sign people out, and a sign-out would find nothing to end. So an absence counts where Kratos
 * says it twice, and says that it is ready, its database included, before and after the second time.
 * @param ask null: absent.
 * @param ready rejects when Kratos cannot use its database.
 * @returns what was found, or null. Rejects as the questions do.
 */
export async function askUntilSure<Found>(
  ask: () => Promise<Found | null>,
  ready: () => Promise<unknown>,
): Promise<Found | null> {
  const first = await ask();
  if (first) return first;
  await ready();
  const second = await ask();
  if (!second) await ready();
  return second;
}
