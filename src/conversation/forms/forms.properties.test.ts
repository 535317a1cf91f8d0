import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InboundEvent } from '../../message/event.ts';
import { contact, media, tap, typed } from '../fixtures/turns.ts';
import { answerOf, screenOf } from './draft.ts';
import { readDates } from './dates.ts';
import { filesResult, FORM, person, STEPS, type Person } from './fixtures/filling.ts';
import { formTapId, readFormTap } from './buttons.ts';
import { referenceOf } from './reference.ts';

const step = fc.constantFrom(...STEPS.map(({ id }) => id), 'gone', 'constructor', '__proto__');
const button = fc.oneof(
  fc
    .constantFrom('send', 'correct', 'review', 'cancel', 'resume', 'restart')
    .map((verb) => `f:demande:${verb}`),
  fc
    .tuple(fc.constantFrom('back', 'skip', 'keep', 'redo'), step)
    .map(([verb, id]) => `f:demande:${verb}:${id}`),
  fc
    .tuple(step, fc.constantFrom('yes', 'no', 'mere', 'x'))
    .map(([id, value]) => `f:demande:=:${id}:${value}`),
  fc.constantFrom('menu', 'contact', 'f:', 'f:autre:send', 'f:demande:=:accord'),
);
const good = fc.constantFrom(
  ...[
    'Awa Exemple',
    '1',
    '2',
    'mere',
    '14 mars 2016',
    '77 000 00 01',
    '3',
    'form skip',
    'Oui',
    'oui',
    'form_confirm',
  ],
);
const words = fc.oneof(
  { weight: 6, arbitrary: good },
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '/demande',
    '/menu',
    '/form_cancel',
    'non',
    'form back',
    'STOP',
    'danger',
    'Combien ça coûte ?',
  ),
);
const event: fc.Arbitrary<InboundEvent> = fc.oneof(
  { weight: 6, arbitrary: words.map((text) => typed(text)) },
  { weight: 3, arbitrary: button.map((id) => tap(id)) },
  fc.constantFrom(media('photo'), media('sticker'), contact, media('photo', { album: 'a' })),
);
const happening = fc.oneof(
  { weight: 10, arbitrary: event },
  { weight: 15, arbitrary: fc.constant('well' as const) },
  { weight: 1, arbitrary: fc.constant('pause' as const) },
);

const WELL: Record<string, string> = {
  ...{ nom: 'Awa', lien: 'mere', naissance: '14/03/2016', telephone: '77 000 00 01', enfants: '3' },
  ...{ remarque: 'rien', piece: 'form skip', accord: 'oui' },
};

/** What a person who wants to finish does next. */
function well(who: Person): InboundEvent {
  const draft = who.turn.drafts?.['demande'];
  if (!who.session().form) return draft ? tap('f:demande:resume') : typed('/demande');
  const screen = screenOf(FORM, draft ?? { answers: {}, changedAt: 0 });
  if (screen.at === 'step') return typed(WELL[screen.step.id] ?? '');
  return screen.at === 'summary' ? typed('oui') : tap('f:demande:review');
}

test('whatever happens, a form is sent whole or not at all, and once for each time it was filled in', () => {
  let sentInAll = 0;
  fc.assert(
    fc.property(fc.array(happening, { minLength: 10, maxLength: 60 }), (happened) => {
      const who = person();
      who.does(typed('/demande'));
      for (const [at, what] of happened.entries()) {
        const before = who.turn.drafts?.['demande'];
        const sentBefore = who.sent.length;
        if (what === 'pause') who.pause();
        else {
          const does = what === 'well' ? well(who) : what;
          who.does(
            does,
            filesResult([`file-${String(at)}`], does.kind === 'media' && does.album !== undefined),
          );
        }
        const state = who.session();
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        expect(who.sent.length - sentBefore).toBeLessThanOrEqual(1);
        if (who.sent.length === sentBefore) continue;
        sentInAll++;
        // Every question had its answer, and nothing is left to send again.
        expect(STEPS.every((each) => before && answerOf(before, each) !== undefined)).toBe(true);
        const { sent } = who.sent.at(-1) ?? { sent: { answers: [] } };
        expect(sent.answers.map((answer) => answer.step)).toEqual(STEPS.map(({ id }) => id));
        expect(sent.answers.find((answer) => answer.step === 'accord')?.value).toBe('yes');
        expect(who.turn.drafts).toEqual({});
        expect(state.form).toBeUndefined();
      }
      // A file is forgotten once, and never one that staff were given.
      const given = who.sent.flatMap(({ sent }) =>
        sent.answers.flatMap(({ value }) => (Array.isArray(value) ? value : [])),
      );
      expect(new Set(who.forgotten).size).toBe(who.forgotten.length);
      expect(who.forgotten.filter((file) => given.includes(file))).toEqual([]);
    }),
    { numRuns: 300 },
  );
  // The runs reach the end: the property is about something.
  expect(sentInAll).toBeGreaterThan(50);
});

test('somebody who answers well always gets to the end', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (happened) => {
      const who = person();
      who.does(typed('/demande'));
      for (const what of happened) who.does(what, filesResult([]));
      who.does(typed('/form_cancel'));
      who.does(typed('/demande'));
      for (const answer of [
        'Awa',
        'mere',
        '14/03/2016',
        '77 000 00 01',
        '1',
        'form_skip',
        'form_skip',
        'oui',
      ])
        who.does(typed(answer));
      const before = who.sent.length;
      who.does(typed('oui'));
      expect(who.sent.length).toBe(before + 1);
    }),
    { numRuns: 150 },
  );
});

test('an id of a button is read back, and nothing else is', () => {
  fc.assert(
    fc.property(fc.oneof(button, fc.string()), (id) => {
      const read = readFormTap(id);
      if (read) expect(formTapId(read)).toBe(id);
    }),
  );
  const longest = `f:${'a'.repeat(16)}.7KQ-2MD:=:${'b'.repeat(17)}:${'c'.repeat(17)}`;
  expect(longest.length).toBeLessThanOrEqual(64);
  expect(readFormTap(longest)).toMatchObject({ verb: 'answer', reference: '7KQ-2MD' });
});

test('a date that is read is a day of the calendar', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[0-9 ./-]{6,12}$/)), (text) => {
      for (const day of readDates(text, ['fr', 'en'])) {
        expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
      }
    }),
  );
  fc.assert(
    fc.property(
      fc.date({
        min: new Date('1900-01-01T00:00:00Z'),
        max: new Date('2100-12-31T00:00:00Z'),
        noInvalidDate: true,
      }),
      fc.constantFrom('fr', 'en'),
      (date, language) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, day] = iso.split('-');
        const long = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' }).format(date);
        for (const text of [iso, `${day ?? ''}/${month ?? ''}/${year ?? ''}`, long]) {
          expect(readDates(text, ['fr', 'en'])).toEqual([iso]);
        }
      },
    ),
  );
});

test('references differ', () => {
  const seen = new Set(Array.from({ length: 20_000 }, (_, seq) => referenceOf(seq)));
  expect(seen.size).toBe(20_000);
});
