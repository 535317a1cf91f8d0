/** Sentences about what is wrong with a package-lock; empty when it is good. */
export function lockProblems(lock: { packages?: Record<string, object> }): string[];
