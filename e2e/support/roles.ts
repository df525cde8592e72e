/** Gives somebody the role admin as an operator does, at Kratos. @throws Error when Kratos does not take it. */
export async function makeAdministrator(kratosAdminUrl: string, email: string): Promise<void> {
  const found = await fetch(`${kratosAdminUrl}/admin/identities?credentials_identifier=${encodeURIComponent(email)}`);
  const [identity] = (await found.json()) as { id: string }[];
  const answer = await fetch(`${kratosAdminUrl}/admin/identities/${identity?.id}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify([{ op: "add", path: "/metadata_public", value: { roles: ["admin"] } }]),
  });
  if (!answer.ok) throw new Error(`Kratos answered ${answer.status}: ${await answer.text()}`);
}
