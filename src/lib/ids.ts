import { v7 } from 'uuid';

/** A new row id: UUID version 7, so ids made by one process sort by time. */
export type NewId = () => string;
export const newId: NewId = () => v7();
