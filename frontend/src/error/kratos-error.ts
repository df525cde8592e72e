export type KratosError = { readonly code: string | null; readonly status: number | null };

const UNKNOWN: KratosError = { code: null, status: null };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Asks Kratos what an error id of its own is about; an id that is gone or a failing server leaves it unknown. */
export async function loadKratosError(id: string): Promise<KratosError> {
  try {
    const answer = await fetch(`/.ory/kratos/self-service/errors?id=${encodeURIComponent(id)}`, {
      headers: { Accept: "application/json" },
    });
    const body: unknown = await answer.json();
    const error = answer.ok && isRecord(body) && isRecord(body.error) ? body.error : {};
    return {
      code: typeof error.id === "string" ? error.id : null,
      status: typeof error.code === "number" ? error.code : null,
    };
  } catch {
    return UNKNOWN;
  }
}
