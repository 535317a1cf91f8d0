import { describe, expect, test } from 'vitest';
import type { InboundEvent } from '../../message/event.ts';
import { media, NOW, tap, typed } from '../fixtures/turns.ts';
import { deskWith, filesResult, FORM, person } from './fixtures/filling.ts';
import { answers, at, photo, yes } from './fixtures/filled.ts';

describe('a file', () => {
  test('is kept with the answer; pictures of one album join it', () => {
    const who = at('piece');
    const album: InboundEvent = { kind: 'media', media: [{ kind: 'photo', ref: 'x' }], album: 'a' };
    expect(who.does(album, filesResult(['file-0001']))[0]).toContain('ask accord');
    expect(who.does(album, filesResult(['file-0002'], true))).toEqual([]);
    expect(answers(who)['piece']).toEqual(['file-0001', 'file-0002']);
    who.does(yes);
    who.does(typed('oui'));
    expect(who.sent[0]?.sent.answers[6]).toMatchObject({ value: ['file-0001', 'file-0002'] });
  });

  test('that is neither a picture nor a PDF is not taken', () => {
    const who = at('piece');
    const refused = {
      ...filesResult([]),
      files: [{ kind: 'document', outcome: { status: 'refused', reason: 'unsupported' } }],
    } as ReturnType<typeof filesResult>;
    expect(who.does(photo, refused)[0]).toContain('form_invalid_file');
  });

  test('that replaces another, which goes', () => {
    const who = at('piece');
    who.does(photo, filesResult(['file-0001']));
    who.does(tap('f:demande:back:accord'));
    who.does({ ...photo, sentAt: NOW + 60_000 }, filesResult(['file-0002']));
    expect(who.forgotten).toEqual(['file-0001']);
    expect(answers(who)['piece']).toEqual(['file-0002']);
  });

  test('voice is words', () => {
    const who = at('nom');
    const heard = {
      ...filesResult([]),
      files: [{ kind: 'voice', outcome: { status: 'heard', text: 'Awa Exemple' } }],
    } as ReturnType<typeof filesResult>;
    who.does(media('voice'), heard);
    expect(answers(who)['nom']).toBe('Awa Exemple');
  });
});

describe('after a pause', () => {
  test('it goes on where it was, or begins anew', () => {
    const who = at('naissance');
    who.pause();
    const [asked] = who.does(typed('/demande'));
    expect(asked).toContain('form_resume');
    expect(who.does(typed('form_go_on'))[0]).toContain('ask naissance');
    who.pause();
    who.does(typed('/demande'));
    expect(who.does(tap('f:demande:restart'))[1]).toContain('ask nom');
    expect(answers(who)).toEqual({});
  });

  test('a button of before asks whether to go on', () => {
    const who = at('lien');
    who.pause();
    expect(who.does(tap('f:demande:=:lien:mere'))[0]).toContain('form_resume');
  });

  test('who goes on answering is asked whether that is what they mean', () => {
    const who = at('naissance');
    who.pause();
    const said = who.does(typed('14/03/2016'));
    expect(said.join()).toContain('form_resume');
    expect(who.does(typed('merci')).join()).not.toContain('form_resume');
  });

  test('what was begun can be cancelled without being opened', () => {
    const who = at('lien');
    who.pause();
    expect(who.does(typed('/form_cancel'))[0]).toContain('form_cancelled');
    expect(who.turn.drafts).toEqual({});
  });

  test('what is gone meanwhile is told', () => {
    const who = at('naissance');
    who.turn = { ...who.turn, drafts: {} };
    const [said] = who.does(typed('14/03/2016'));
    expect(said).toContain('form_expired');
    expect(who.does(typed('form_restart'))[1]).toContain('ask nom');
  });

  test('a choice or a step that the desk took away is asked again', () => {
    const who = at('');
    const fewer = FORM.steps.map((step) =>
      step.kind === 'choice' ? { ...step, choices: step.choices.slice(1) } : step,
    );
    const later = person(who.turn, deskWith({ ...FORM, steps: fewer.slice(1) }));
    expect(later.does(tap('f:demande:send'))[0]).toContain('ask lien');
    expect(later.sent).toEqual([]);
  });
});
