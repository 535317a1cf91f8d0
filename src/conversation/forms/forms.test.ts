import { describe, expect, test } from 'vitest';
import type { InboundEvent } from '../../message/event.ts';
import { contact, media, NOW, tap, typed } from '../fixtures/turns.ts';
import { deskWith, filesResult, FORM, person, STEPS, type Person } from './fixtures/filling.ts';
import { answers, at, BUTTON, GOOD, photo, yes } from './fixtures/filled.ts';

describe('a form', () => {
  test('begins with what it is about and its first question', () => {
    expect(person().does(typed('/demande'))).toEqual([
      'intro',
      'form_step\n\nask nom\n[form_cancel→f:demande:cancel]',
    ]);
  });

  test('is summed up, confirmed and sent once, with a reference of its own', () => {
    const who = at('');
    const [summary] = at('accord').does(yes);
    expect(summary).toContain('Résumé : Awa Exemple, Mère, 14 mars 2016');
    // What was passed over is not written.
    expect(summary).not.toContain('Remarque');
    const [said] = who.does(tap(`${BUTTON}send`));
    const [sent] = who.sent;
    expect(said).toContain(`Envoyée ${sent?.sent.reference ?? '?'}`);
    expect(sent?.sent.reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}$/);
    expect(sent?.sent.answers.map(({ step, value }) => [step, value])).toEqual([
      ['nom', 'Awa Exemple'],
      ['lien', 'mere'],
      ['naissance', '2016-03-14'],
      ['telephone', '+221770000001'],
      ['enfants', '2'],
      ['remarque', null],
      ['piece', null],
      ['accord', 'yes'],
    ]);
    expect(who.turn.drafts).toEqual({});
    // The button is still on the screen.
    expect(who.does(tap(`${BUTTON}send`))[0]).toContain('form_already_sent');
    expect(who.sent).toHaveLength(1);
  });

  test('two forms of one desk never have one reference', () => {
    const references = Array.from({ length: 50 }, (_, seq) => {
      const who = person();
      for (let i = 0; i < seq; i++) who.does(typed('/menu'));
      at('', who);
      who.does(tap(`${BUTTON}send`));
      return who.sent[0]?.sent.reference;
    });
    expect(new Set(references).size).toBe(50);
  });
});

describe('an answer', () => {
  test.each<[string, InboundEvent, unknown]>([
    ['nom', typed('  Ndèye   Fatou '), 'Ndèye Fatou'],
    ['lien', typed('2'), 'pere'],
    ['lien', typed('MERE'), 'mere'],
    ['lien', typed('un autre'), 'autre'],
    ['lien', tap('f:demande:=:lien:pere'), 'pere'],
    ['naissance', typed('14-3-2016'), '2016-03-14'],
    ['naissance', typed('14 03 2016'), '2016-03-14'],
    ['naissance', typed('14032016'), '2016-03-14'],
    ['naissance', typed('2016-03-14'), '2016-03-14'],
    ['naissance', typed('le 14 mars 2016'), '2016-03-14'],
    ['naissance', typed('lundi 1er février 2016'), '2016-02-01'],
    ['naissance', typed('3 sept. 2016'), '2016-09-03'],
    ['naissance', typed('March 14, 2016'), '2016-03-14'],
    ['naissance', typed('29/02/2016'), '2016-02-29'],
    ['naissance', typed('14/03/16'), '2016-03-14'],
    ['naissance', typed('14/03/85'), '1985-03-14'],
    ['naissance', typed('01/03/2026'), '2026-03-01'],
    ['telephone', typed('+33 6 12 34 56 78'), '+33612345678'],
    ['telephone', contact, '+221770000001'],
    ['enfants', typed(' 3 '), '3'],
    ['enfants', typed('2,5'), '2.5'],
    ['remarque', typed('vers 2016 ?'), 'vers 2016 ?'],
    ['remarque', typed('12 et 13'), '12 et 13'],
  ])('at %s, %j is taken', (step, event, value) => {
    const who = at(step);
    who.does(event);
    expect(answers(who)[step]).toEqual(value);
  });

  test.each<[string, InboundEvent, string]>([
    ['nom', typed('A'), 'form_invalid_text'],
    ['nom', typed('R2D2'), 'form_invalid_format\n\nhelp nom'],
    ['nom', typed('🙂'), 'form_invalid_text'],
    ['nom', typed('a'.repeat(21)), 'form_invalid_text'],
    ['nom', media('sticker'), 'help nom'],
    ['nom', photo, 'help nom'],
    ['nom', { kind: 'other', what: 'poll', direct: true }, 'unsupported_message'],
    ['lien', typed('cousin'), 'form_invalid_choice'],
    ['lien', typed('9'), 'form_invalid_choice'],
    ['naissance', typed('31/02/2016'), 'form_invalid_day'],
    ['naissance', typed('29/02/2015'), 'form_invalid_day'],
    ['naissance', typed('32/01/2016'), 'form_invalid_day'],
    ['naissance', typed('2016'), 'form_invalid_date'],
    ['naissance', typed('14 brumaire 2016'), 'form_invalid_date'],
    ['naissance', typed('14 mars'), 'form_invalid_date'],
    ['naissance', typed('02/03/2026'), 'form_invalid_date_range'],
    ['naissance', typed('14/03/1901'), 'form_invalid_date_range'],
    ['telephone', typed('77 000'), 'form_invalid_phone'],
    ['telephone', typed('je ne sais pas'), 'form_invalid_phone'],
    ['enfants', typed('0'), 'form_invalid_number'],
    ['enfants', typed('13'), 'form_invalid_number'],
    ['enfants', typed('deux'), 'form_invalid_number'],
    ['enfants', typed('1e1'), 'form_invalid_number'],
    ['piece', typed('la voici'), 'form_invalid_file'],
    ['accord', typed('peut-être'), 'form_invalid_yes_no'],
    ['nom', typed('form skip'), 'help nom'],
    ['nom', typed('/form_skip'), 'help nom'],
  ])('at %s, %j is explained and asked again', (step, event, why) => {
    const who = at(step);
    const before = JSON.stringify(who.turn.drafts);
    const [said] = who.does(event);
    expect(said).toContain(why);
    expect(said).toContain('form_cancel');
    expect(JSON.stringify(who.turn.drafts)).toBe(before);
    // And the right one is taken afterwards.
    who.does(GOOD[step] ?? yes);
    expect(Object.keys(answers(who))).toContain(step);
  });

  test('of a button tapped late, or twice, changes nothing else', () => {
    const who = at('naissance');
    expect(who.does(tap('f:demande:=:lien:pere'))[0]).toContain('ask naissance');
    expect(who.does(tap('f:demande:=:lien:nobody'))[0]).toContain('ask naissance');
    expect(who.does(tap('f:demande:skip:nom'))[0]).toContain('ask naissance');
    expect(answers(who)['lien']).toBe('mere');
  });

  test('that is no agreement ends the form, and its answers go', () => {
    const who = at('piece');
    who.does(photo, filesResult(['file-0001']));
    expect(who.does(typed('nenni'))[0]).toContain('refused');
    expect(who.turn.drafts).toEqual({});
    expect(who.forgotten).toEqual(['file-0001']);
    expect(who.session().form).toBeUndefined();
  });
});

describe('a step that depends on an answer', () => {
  const steps = FORM.steps.map((step) =>
    ['enfants', 'piece'].includes(step.id) ? { ...step, when: { step: 'lien', is: ['mere', 'pere'] } } : step,
  );
  const some = deskWith({ ...FORM, steps });
  const filled = (lien: string): Person => {
    const who = person({}, some);
    who.does(typed('/demande'));
    for (const answer of ['Awa', lien, '14/03/2016', '77 000 00 01']) who.does(typed(answer));
    return who;
  };
  const valueOf = (who: Person, step: string) =>
    who.sent[0]?.sent.answers.find((answer) => answer.step === step);

  test('is asked after it, and not after another', () => {
    expect(filled('mere').does(typed('2'))[0]).toContain('ask remarque');
    const other = filled('autre');
    expect(other.does(typed('rien à dire'))[0]).toContain('ask accord');
    expect(other.does(tap(`${BUTTON}back:accord`))[0]).toContain('ask remarque');
    expect(other.does(tap(`${BUTTON}back:remarque`))[0]).toContain('ask telephone');
  });

  test('is not sent once the answer has changed, nor the file that came with it', () => {
    const who = filled('mere');
    who.does(typed('2'));
    who.does(typed('rien à dire'));
    who.does(photo, filesResult(['file-0001']));
    who.does(yes);
    who.does(tap(`${BUTTON}redo:lien`));
    who.does(typed('autre'));
    const [which] = who.does(tap(`${BUTTON}correct`));
    expect(which).not.toContain('Label enfants');
    who.does(tap(`${BUTTON}send`));
    expect(valueOf(who, 'enfants')).toMatchObject({ value: null, shown: '' });
    expect(valueOf(who, 'piece')).toMatchObject({ value: null });
    expect(who.forgotten).toEqual(['file-0001']);
  });

  test('is asked when the answer that it depends on comes later', () => {
    const who = filled('autre');
    who.does(typed('rien à dire'));
    who.does(yes);
    who.does(tap(`${BUTTON}redo:lien`));
    expect(who.does(typed('mère'))[0]).toContain('ask enfants');
  });
});

test('other words for an answer are that answer', () => {
  const steps = FORM.steps.map((step) =>
    step.kind === 'choice'
      ? { ...step, choices: step.choices.map((one) => ({ ...one, also: [`la ${one.id}`] })) }
      : step,
  );
  const who = person({}, deskWith({ ...FORM, steps }));
  who.does(typed('/demande'));
  who.does(typed('Awa'));
  who.does(typed('LA MÈRE !'));
  expect(answers(who)['lien']).toBe('mere');
});

describe('the limit of messages per minute (3 on this desk)', () => {
  const busy = (who: Person): Person => {
    who.turn = { ...who.turn, recentMessages: 3 };
    return who;
  };

  test('does not hold answers back', () => {
    const who = busy(at('nom'));
    for (const { id } of STEPS) who.does(GOOD[id] ?? typed(''));
    who.does(typed('oui'));
    expect(who.sent).toHaveLength(1);
  });

  test('holds a question asked on the way back', () => {
    const who = busy(at('naissance'));
    expect(who.does(typed("Combien coûte l'acte ?"))).toEqual([
      expect.stringContaining('too_many_messages (3)'),
    ]);
    expect(who.does(typed('14/03/2016'))[0]).toContain('ask telephone');
  });

  test('is another one for answers: forty', () => {
    const who = at('naissance');
    const said = Array.from({ length: 60 }, () => who.does(typed('31/02/2016')).join());
    expect(said.filter((text) => text.includes('form_invalid_day'))).toHaveLength(38);
    expect(said.filter((text) => text.includes('too_many_messages (40)'))).toHaveLength(1);
    who.turn = { ...who.turn, now: NOW + 60_000 };
    expect(who.does(typed('14/03/2016'))[0]).toContain('ask telephone');
  });
});

describe('on the way', () => {
  test('back shows what was answered, which can be kept or changed', () => {
    const who = at('naissance');
    const [said] = who.does(tap('f:demande:back:naissance'));
    expect(said).toContain('ask lien\n\nform_current');
    expect(said).toContain('form_keep→f:demande:keep:lien');
    expect(who.does(tap('f:demande:keep:lien'))[0]).toContain('ask naissance');
    who.does(typed('form back'));
    expect(who.does(typed('père'))[0]).toContain('ask naissance');
    expect(answers(who)).toMatchObject({ nom: 'Awa Exemple', lien: 'pere' });
  });

  test.each([['/form_cancel'], ['Form_Cancel'], ['en form_cancel']])(
    '%s ends it, and its answers go',
    (word) => {
      const who = at('enfants');
      expect(who.does(typed(word))[0]).toContain('form_cancelled');
      expect(who.turn.drafts).toEqual({});
      expect(who.session().form).toBeUndefined();
    },
  );

  test.each<[string, InboundEvent, string]>([
    ['a command', typed('/menu'), 'Menu'],
    ['the home’s word', typed('menu'), 'Menu'],
    ['a word that is no answer', typed('aide'), 'Aide'],
    ['a button of a page', tap('contact'), 'Appelez'],
    ['STOP', typed('STOP'), 'notifications_stopped'],
  ])('%s leaves it, and keeps what was answered', (_, event, page) => {
    const who = at('naissance');
    const said = who.does(event).join('\n');
    expect(said).toContain('form_paused');
    expect(said).toContain(page);
    expect(who.session().form).toBeUndefined();
    expect(answers(who)).toEqual({ nom: 'Awa Exemple', lien: 'mere' });
    // A word is a question again.
    expect(who.does(typed('14/03/2016')).join()).toContain('200 F');
  });

  test('what the keyboard sends is no answer', () => {
    const who = at('remarque');
    expect(who.does(typed('📝 Demande')).join()).toContain('form_paused');
    expect(answers(who)['remarque']).toBeUndefined();
  });

  test.each([
    ['Contact', 'Appelez'],
    ['📋 MENU', 'Menu'],
    ['Coordonnées', 'Appelez'],
    ['état civil', 'État civil'],
    ['demande', 'form_paused'],
  ])('at a step that takes any words, a label of the menu (%j) is the menu', (label, page) => {
    const who = at('remarque');
    const said = who.does(typed(label)).join('\n');
    expect(said).toContain(page);
    expect(answers(who)).not.toHaveProperty('remarque');
    // Words that only begin like it are an answer.
    const other = at('remarque');
    other.does(typed(`${label} plus tard`));
    expect(answers(other)['remarque']).toBe(`${label} plus tard`);
  });

  test('a question is answered, then the form goes on', () => {
    const who = at('naissance');
    const said = who.does(typed("Combien coûte l'acte ?"));
    expect(said[0]).toContain('200 F');
    expect(said[1]).toContain('ask naissance');
    who.does(typed('14/03/2016'));
    expect(answers(who)['naissance']).toBe('2016-03-14');
  });

  test('words of danger reach who is in charge, and the form is still there', () => {
    const who = at('remarque');
    expect(who.does(typed('un enfant en danger')).join()).toContain('safeguarding');
    expect(answers(who)['remarque']).toBeUndefined();
    expect(who.does(typed('rien de plus'))[0]).toContain('ask piece');
  });

  test('an answer at the end can be given anew', () => {
    const who = at('');
    const [which] = who.does(typed('form_correct'));
    expect(which).toContain('Label naissance→f:demande:redo:naissance');
    expect(who.does(typed('3'))[0]).toContain('ask naissance');
    expect(who.does(typed('15 mars 2016'))[0]).toContain('15 mars 2016');
    who.does(typed('non'));
    expect(who.does(tap('f:demande:review'))[0]).toContain('form_confirm');
    who.does(typed('oui'));
    expect(who.sent[0]?.sent.answers[2]?.value).toBe('2016-03-15');
  });
});

describe('who may fill it in', () => {
  const known = deskWith({ ...FORM, account: true }, true);

  test('somebody we do not know is asked for their number, and comes back to it', () => {
    const who = person({ newSession: true }, known);
    expect(who.does(typed('/demande'))).toEqual([expect.stringContaining('account_phone_request')]);
    expect(who.session().wanted).toBe('p_demande');
    expect(who.session().form).toBeUndefined();
  });

  test('somebody with an account', () => {
    expect(person({ account: 'active' }, known).does(typed('/demande'))[1]).toContain('ask nom');
    expect(person({ account: 'pending' }, known).does(typed('/demande'))[0]).toContain('account_pending');
    expect(person({}, known).does(tap('f:demande:resume'))[0]).toContain('outdated_button');
  });

  test('nobody in a group', () => {
    expect(person({ chat: 'group' }).does(typed('/demande'))[0]).toContain('private_only');
    expect(person({ chat: 'group' }).does(tap('f:demande:restart'))[0]).toContain('outdated_button');
  });
});
