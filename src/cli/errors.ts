/** A sentence for the person at the terminal: what was wrong and what to do. */
export class UsageError extends Error {}
