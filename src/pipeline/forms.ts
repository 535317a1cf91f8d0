import { DRAFT_LIFE_MS, type Drafts } from '../message/form.ts';
import type { Effect } from '../message/session.ts';
import type { KnownPerson } from '../storage/conversations.ts';
import { placeOf } from '../storage/places.ts';
import type { Statement } from '../storage/store.ts';
import type { Runtime } from './runtime.ts';

const draftsPlace = (id: string): string => placeOf('form_drafts', 'drafts_sealed')({ id });

/** The forms a person began; one left alone for too long is forgotten, although its row may still be there. */
export function draftsOf(
  { sealer }: Pick<Runtime, 'sealer'>,
  person: KnownPerson | undefined,
  now: number,
): Drafts {
  if (!person?.drafts_sealed || person.draft_id === null) return {};
  const drafts = JSON.parse(sealer.open(person.drafts_sealed, draftsPlace(person.draft_id))) as Drafts;
  return Object.fromEntries(
    // Absolute: a clock set back must not keep one for ever.
    Object.entries(drafts).filter(([, { changedAt }]) => Math.abs(now - changedAt) < DRAFT_LIFE_MS),
  );
}

interface Filler {
  personId: string;
  /** As they were known when the turn began. */
  person: KnownPerson | undefined;
  conversationId: string;
  seq: number;
  now: number;
}

/** What a form's effect commits. */
export function formStatements(
  { forms, history, sealer, newId }: Pick<Runtime, 'forms' | 'history' | 'sealer' | 'newId'>,
  effect: Extract<Effect, { type: 'drafts' | 'form_sent' }>,
  { personId, person, conversationId, seq, now }: Filler,
): Statement[] {
  if (effect.type === 'form_sent') {
    const place = `staff_messages|body|${String(seq)}|form`;
    const files = effect.sent.answers.flatMap(({ value }) => (Array.isArray(value) ? value : []));
    return [
      history.insertStaffMessage({
        person_id: personId,
        conversation_id: conversationId,
        kind: 'form',
        form: effect.form,
        body_sealed: sealer.seal(JSON.stringify(effect.sent), place),
        place,
        at: now,
      }),
      ...files.map((id) => forms.keepFile({ id, person_id: personId, form: effect.form })),
    ];
  }
  const forgotten = effect.forget.map((id) => forms.forgetFile({ id, person_id: personId }));
  const seen =
    person?.draft_id == null ? undefined : { id: person.draft_id, version: person.draft_version ?? 0 };
  if (Object.keys(effect.drafts).length === 0) return [...(seen ? [forms.remove(seen)] : []), ...forgotten];
  const id = seen?.id ?? newId();
  const drafts_sealed = sealer.seal(JSON.stringify(effect.drafts), draftsPlace(id));
  const kept = seen
    ? forms.update(seen, { drafts_sealed, at: now })
    : forms.insert({ id, person_id: personId, drafts_sealed, at: now });
  return [kept, ...forgotten];
}
