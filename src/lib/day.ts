import { z } from 'zod';

const day = z.iso.date();

/** A real calendar day written YYYY-MM-DD. */
export const isDate = (value: string): boolean => day.safeParse(value).success;
