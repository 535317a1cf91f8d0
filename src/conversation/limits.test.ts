import { describe, expect, test } from 'vitest';
import type { InboundEvent } from '../message/event.ts';
import { contact, media, NOW, on, recorded, seen, tap, typed } from './fixtures/turns.ts';

const NOTICE = ['too_many_messages (3)\n[📋 Menu→menu]'];
const full = { recentMessages: 3 };

describe('the limit of messages per minute (3 on this desk)', () => {
  test.each([
    typed('Quel prix ?'),
    typed('/menu'),
    media('photo'),
    contact,
    { kind: 'other', what: 'poll', direct: true } satisfies InboundEvent,
  ])('is reached by %j', (event) => {
    expect(on(event, { recentMessages: 2 })).toMatchObject({ counted: true });
    const decision = on(event, full);
    expect(seen(decision)).toEqual(NOTICE);
    expect(recorded(decision)).toEqual(['limited']);
    expect(decision).toMatchObject({ asks: [], counted: false, session: { limitNoticeAt: NOW } });
  });

  test.each([
    ['never yet', undefined, 1],
    ['a minute ago', NOW - 60_000, 1],
    ['less than a minute ago', NOW - 59_999, 0],
    ['in the same instant', NOW, 0],
    ['seconds ahead, by a clock set back a little', NOW + 5_000, 0],
    ['an hour ahead, by a clock set back', NOW + 3_600_000, 1],
  ])('is told once a minute: last notice %s', (_, limitNoticeAt, notices) => {
    const session = limitNoticeAt === undefined ? {} : { limitNoticeAt };
    const decision = on(typed('Quel prix ?'), { ...full, session });
    expect(decision.replies).toHaveLength(notices);
    expect(recorded(decision)).toEqual(['limited']);
    expect(decision.session.limitNoticeAt).toBe(notices === 1 ? NOW : limitNoticeAt);
  });

  test.each(['STOP', 'stop !', 'Arrêt', 'ARRET'])('does not hold %s back', (text) => {
    expect(on(typed(text), full).effects).toContainEqual({ type: 'preference', notifications: false });
  });

  test('does not hold taps back', () => {
    expect(seen(on(tap('menu'), full))[0]).toMatch(/^Menu/);
  });

  test('ignores what nobody sent as a message', () => {
    expect(recorded(on({ kind: 'edited', text: 'x' }, full))).toEqual(['edited']);
    expect(recorded(on({ kind: 'membership', state: 'blocked' }, full))).toEqual(['reachable:false']);
    expect(on({ kind: 'other', what: 'reaction', direct: false }, full).effects).toEqual([]);
  });

  test('tells an album once', () => {
    const first = on(media('photo', { album: 'a' }), full);
    const second = on(media('photo', { album: 'a' }), { ...full, session: first.session });
    expect([first.replies.length, second.replies.length]).toEqual([1, 0]);
  });
});
