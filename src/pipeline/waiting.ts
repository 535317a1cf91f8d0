import type { SentForm } from '../message/form.ts';
import type { WaitingRequest } from '../message/personal.ts';
import { placeOf } from '../storage/places.ts';
import type { Incident, Runtime } from './runtime.ts';

type Tools = Pick<Runtime, 'personal' | 'sealer'>;

/** What somebody left for staff and nobody has dealt with; `id` is what staff call it. The first left comes first. */
export async function waitingOf(
  { personal, sealer }: Tools,
  personId: string | undefined,
): Promise<(WaitingRequest & { id: number })[]> {
  const rows = personId === undefined ? [] : await personal.rows('staff_messages', personId);
  const bodyPlace = placeOf('staff_messages', 'body_sealed');
  return rows
    .filter((row) => row['handled_at'] === null)
    .map((row) => {
      const [id, at, sealed] = [Number(row['id']), Number(row['at']), row['body_sealed']];
      if (row['kind'] !== 'form' || !(sealed instanceof Uint8Array)) return { id, at };
      const { reference } = JSON.parse(sealer.open(sealed, bodyPlace(row))) as SentForm;
      return { id, at, reference };
    })
    .sort((a, b) => a.at - b.at || a.id - b.id);
}

/** Staff hear that it is gone: the reference of a form, the number of a message, and nothing of whose it was. */
export function withdrawn(requests: readonly (WaitingRequest & { id: number })[]): Incident[] {
  if (requests.length === 0) return [];
  const reference = requests.map(({ id, reference }) => reference ?? `message ${String(id)}`).join(', ');
  const message = `Somebody deleted their data, and withdrew what nobody had dealt with: ${reference}.`;
  return [{ kind: 'request_withdrawn', message, reference }];
}
