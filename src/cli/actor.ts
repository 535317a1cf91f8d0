import { userInfo } from 'node:os';

/** Who is at the terminal, for what is audited. */
export const actor = (): string => `staff:${userInfo().username}`;
