/** The simulator's control routes; they answer 404 when the desk runs with real tokens. */
export const TELEGRAM_API = '/simulator/api/telegram';

/** The first of the simulator's predefined people: who holds the phone before anybody chose. */
export const FIRST_PERSON = '700000001';

/** Who is added comes after: numbers end like ids, and the sample directory knows nobody from 81 on. */
export const LAST_KNOWN = 700_000_080;
