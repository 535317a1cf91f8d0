/** The simulator's control routes; they answer 404 when the desk runs with real tokens. */
export const TELEGRAM_API = '/simulator/api/telegram';

/** The first of the simulator's predefined people: who holds the phone before anybody chose. */
export const FIRST_PERSON = '700000001';
