import type { TextKey } from '../desk/desk.ts';
import type { AnswererHealth } from '../message/answer.ts';
import type { Rich } from '../message/rich.ts';
import { hourAndMinute, say } from './texts.ts';
import type { Voice } from './texts.ts';

/** The state of the answers source as it was found, with the time of that check. */
export function statusText(voice: Voice, health: AnswererHealth): Rich {
  return say(voice, statusKey(health), { time: hourAndMinute(health.checkedAt) });
}

function statusKey(health: AnswererHealth): TextKey {
  if (health.ok) return 'status_ok';
  return health.reachable === true ? 'status_degraded' : 'status_down';
}
