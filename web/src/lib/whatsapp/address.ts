/** The simulator's control routes; they answer 404 when the desk runs with real tokens. */
export const WHATSAPP_API = '/simulator/api/whatsapp';

/** The first of the simulator's predefined people: who holds the phone before anybody chose. */
export const FIRST_PERSON = '221770000001';

/** Who is added comes after: the sample directory knows nobody from 81 on. */
export const LAST_KNOWN = 221_770_000_080;
