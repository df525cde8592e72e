/** The time now. Injected, so that expiry is tested without waiting. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
