/**
 * One step of a journey.
 * @throws what the step throws, with the step's name before its message.
 */
export async function step<Value>(name: string, action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  }
}
