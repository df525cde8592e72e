/** A failure an operator can act on: one sentence that says what went wrong and one that says what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
