import { describe, expect, test } from 'vitest';
import type { Desk } from '../desk/desk.ts';
import { parseMarkdown } from '../message/markdown.ts';
import type { Answer } from '../message/answer.ts';
import type { InboundEvent } from '../message/event.ts';
import type { Decision, SessionState, Turn } from '../message/session.ts';
import { decide } from './decide.ts';
import { desk as plain } from './fixtures/desk.ts';
import { found, on, recorded, seen, tap, turn, typed } from './fixtures/turns.ts';

const MENU = '[📋 Menu→menu]';
const WORDS = 'Léo est malade samedi.';

/** The town hall, where somebody reads messages. */
const french = plain.languages.get('fr');
if (!french) throw new Error('The desk of the tests speaks French.');
const staff = {
  id: 'ecrire',
  kind: 'staff' as const,
  view: { text: parseMarkdown('Écrivez.'), buttons: [] },
};
const desk: Desk = {
  ...plain,
  languages: new Map([['fr', { ...french, pages: new Map([...french.pages, ['ecrire', staff]]) }]]),
};

const nothing = (more: object = {}): Answer => ({
  status: 'abstained',
  suggestions: [],
  confidence: 0.1,
  ...more,
});

function answered(event: InboundEvent, answer: Answer, more: Partial<Turn> = {}, to = desk): Decision {
  const first = on(event, more, to);
  const [ask] = first.asks;
  if (ask?.type !== 'answer') throw new Error('The event asked no question.');
  const result = { type: 'answer', question: ask.question, answer } as const;
  return decide(turn({ ...more, session: first.session }), { event, result }, to);
}

const idIn = (decision: Decision): string =>
  /do:pass_on:[0-9a-f]{8}/.exec(seen(decision).join('\n'))?.[0] ?? 'none';
const next = (event: InboundEvent, session: SessionState) => on(event, { session }, desk);

describe('words that the documents do not answer', () => {
  test.each<[string, Answer]>([
    ['nothing is near', nothing()],
    ['titles are offered', nothing({ suggestions: [{ title: 'Les absences' }], unsure: true })],
    ['it is about a file of theirs', nothing({ personal: true })],
  ])('are kept, and sent to staff in one tap: %s', (_, answer) => {
    const said = answered(typed(WORDS), answer);
    expect(seen(said)[0]).toMatch(/pass_on_offer\n(?:\[.*\]\n)*\[pass_on→do:pass_on:[0-9a-f]{8}\]\n\[/);
    const sent = next(tap(idIn(said)), said.session);
    expect(sent.effects).toContainEqual({ type: 'staff_message', kind: 'message', text: WORDS });
    expect(seen(sent)).toEqual([`staff_message_kept\n${MENU}`]);
    expect(sent.session.unsent).not.toHaveProperty('text');
    // Tapped twice, they are sent once.
    const again = next(tap(idIn(said)), sent.session);
    expect(recorded(again)).toEqual(['tap:pass_on']);
    expect(seen(again)).toEqual([`staff_message_kept\n${MENU}`]);
  });

  test.each(['oui', 'Pass_on'])('are sent by a typed %j', (word) => {
    const said = answered(typed(WORDS), nothing());
    expect(recorded(next(typed(word), said.session))).toContain('staff:message');
  });

  test('stay where they are at "non"', () => {
    const said = answered(typed(WORDS), nothing());
    const kept = next(typed('non'), said.session);
    expect(seen(kept)).toEqual([`meant_no\n${MENU}`]);
    expect(recorded(next(typed('oui'), kept.session))).not.toContain('staff:message');
  });

  test('"oui" is for the question we asked whether they meant; the button is still there', () => {
    const said = answered(typed(WORDS), nothing({ meant: 'Les maladies' }));
    expect(seen(said)[0]).not.toContain('pass_on_offer');
    expect(next(typed('oui'), said.session).asks).toMatchObject([{ question: { text: 'Les maladies' } }]);
    expect(recorded(next(tap(idIn(said)), said.session))).toContain('staff:message');
  });

  test('are offered to be sent right after the page that says whom to call, answered or not', () => {
    const contact = next(typed('/contact'), {});
    const said = answered(typed(WORDS), found, { session: contact.session, seq: 2 });
    expect(seen(said)[0]).toMatch(/200 F(?:.|\n)*pass_on_offer\n\[pass_on→/);
    expect(recorded(next(typed('oui'), said.session))).toContain('staff:message');
    const question = answered(typed('Quel prix ?'), found, { session: contact.session, seq: 2 });
    expect(seen(question)[0]).not.toContain('pass_on');
    const later = answered(typed(WORDS), found, { session: said.session, seq: 3 });
    expect(seen(later)[0]).not.toContain('pass_on');
    const between = on(typed('Merci'), { session: contact.session, seq: 2 }, desk);
    expect(between.session).not.toHaveProperty('reaching');
  });

  test('a button of other words sends nothing', () => {
    const before = answered(typed('Il sera absent dimanche.'), nothing());
    const said = answered(typed(WORDS), nothing(), { session: before.session });
    const old = next(tap(idIn(before)), said.session);
    expect(recorded(old)).toEqual(['tap:pass_on']);
    expect(seen(old)).toEqual([`outdated_button\n${MENU}`]);
  });

  test.each<[string, Decision]>([
    ['they are answered', answered(typed(WORDS), found)],
    ['nobody reads messages', answered(typed(WORDS), nothing(), {}, plain)],
    ['others read along', answered(typed(WORDS), nothing(), { chat: 'group' })],
  ])('are not offered to be sent when %s', (_, said) => {
    expect(seen(said)[0]).not.toContain('pass_on');
    expect(said.session).not.toHaveProperty('unsent');
  });
});
