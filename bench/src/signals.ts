/** Ends this process in good order when it is asked to: the parts it started end with it only when it exits by itself. */
export function endWithSignals(): void {
  process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
  // Each part that runs listens for the exit.
  process.setMaxListeners(0);
}
