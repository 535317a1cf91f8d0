import { describe, expect, test } from 'vitest';
import { tap, typed } from '../fixtures/turns.ts';
import { person, type Person } from './fixtures/filling.ts';
import { answers, at, BUTTON } from './fixtures/filled.ts';

describe('a button of a request that is over', () => {
  const old = (who: Person, verb: string, before: string): string =>
    who.does(tap(`f:demande.${before}:${verb}`)).join('\n');
  const filled = { nom: 'Awa Exemple', lien: 'mere' };

  test.each(['send', 'cancel', 'correct', 'back:accord', '=:nom:x'])(
    '%s: sent, it says so, and leaves the one begun since alone',
    (verb) => {
      const who = at('');
      const before = who.reference;
      who.does(tap(`${BUTTON}send`));
      expect(old(who, verb, before)).toBe(`form_already_sent ${before}\n[📋 Menu→menu]`);
      at('naissance', who);
      expect(who.reference).not.toBe(before);
      const said = old(who, verb, before);
      expect(said).toContain(`form_already_sent ${before}\n\nform_step\n\nask naissance`);
      expect(answers(who)).toEqual(filled);
      who.does(typed('14/03/2016'));
      expect(answers(who)).toEqual({ ...filled, naissance: '2016-03-14' });
      expect(who.sent).toHaveLength(1);
    },
  );

  test('cancelled, it says so, even when nothing was answered', () => {
    const who = person();
    who.does(typed('/demande'));
    const before = who.reference;
    who.does(tap(`${BUTTON}cancel`));
    expect(old(who, 'cancel', before)).toContain(`form_already_cancelled ${before}`);
    at('lien', who);
    expect(old(who, 'cancel', before)).toContain(`form_already_cancelled ${before}`);
    expect(answers(who)).toEqual({ nom: 'Awa Exemple' });
  });

  test('begun anew, it is the old one that is cancelled', () => {
    const who = at('lien');
    const before = who.reference;
    who.pause();
    who.does(typed('/demande'));
    who.does(tap(`${BUTTON}restart`));
    expect(old(who, 'send', before)).toContain(`form_already_cancelled ${before}`);
  });

  test('of another day, when nobody remembers what became of it', () => {
    const who = at('naissance');
    who.pause();
    expect(old(who, 'send', 'ABC-DEF')).toMatch(/form_other_request\n+Demande\n+form_resume/);
    who.does(tap(`${BUTTON}resume`));
    expect(old(who, 'cancel', 'ABC-DEF')).toMatch(/form_other_request\n+form_step\n+ask naissance/);
    expect(answers(who)).toEqual(filled);
    const nobody = person();
    expect(old(nobody, 'send', 'ABC-DEF')).toContain('form_expired');
    expect(old(nobody, 'restart', 'ABC-DEF')).toContain('ask nom');
  });
});

describe('the summary’s button, while an answer is corrected', () => {
  test('sends what is whole', () => {
    const who = at('');
    who.does(tap(`${BUTTON}correct`));
    expect(who.does(tap(`${BUTTON}send`))[0]).toContain('Envoyée');
    expect(who.sent).toHaveLength(1);
  });

  test('says what is left to answer', () => {
    const who = at('');
    who.does(tap(`${BUTTON}redo:naissance`));
    const [said] = who.does(tap(`${BUTTON}send`));
    expect(said).toContain('form_send_later\n\nform_step\n\nask naissance');
    expect(who.sent).toEqual([]);
    who.does(typed('15/03/2016'));
    who.does(tap(`${BUTTON}send`));
    expect(who.sent[0]?.sent.answers[2]?.value).toBe('2016-03-15');
  });
});
