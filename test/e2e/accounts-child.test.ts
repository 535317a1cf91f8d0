import { describe, expect, test } from 'vitest';
import { botSaid, somebody, startProduct } from '../support/product.ts';
import { audit, command, desk, env, family, fill } from '../support/directory-desk.ts';

describe('a number that several people have', () => {
  test('several people with one number: asked for a child, never shown a list', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 01', 'Fatou', 'Zoé')]);
    const who = somebody();
    simulator.phone.contact(who, { phone: '+221770000001' });
    const asked = await botSaid(simulator, who, 1);
    expect(asked.text).toContain('prénom de votre enfant');
    expect(asked.text).not.toMatch(/Léo|Zoé|Awa|Fatou/);
    simulator.phone.text(who, 'Modou');
    expect((await botSaid(simulator, who, 2)).text).toContain('Je ne retrouve pas ce prénom');
    // A question is answered, and costs no try.
    for (const n of [0, 1, 2]) {
      simulator.phone.text(who, 'Quelles pièces pour inscrire un enfant ?');
      expect((await botSaid(simulator, who, 4 + 2 * n)).text).toContain('prénom de votre enfant');
    }
    expect(simulator.state.botMessages(who.id)[2]?.text).toContain('extrait de naissance');
    expect((await audit(guichet)).map(({ reason }) => reason)).toEqual(['several_people', 'child_unknown']);
    // Whoever starts again is asked for the name, not told that it is no question of the documents.
    simulator.phone.text(who, '/start');
    expect((await botSaid(simulator, who, 9)).text).toContain('prénom de votre enfant');
    simulator.phone.text(who, 'Ma fille s’appelle zoe');
    expect((await botSaid(simulator, who, 10)).text).toContain('Votre compte a été créé');
    simulator.phone.text(who, 'Mes enfants');
    const children = await botSaid(simulator, who, 11);
    expect(children.text).toContain('4e année');
    expect(children.text).toContain('Zoé');
    expect(children.text).not.toContain('Léo');
  });

  test('a wrong name, /start and the number again: the question goes on, and three names are all there are', async () => {
    const { simulator, guichet, data } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 01', 'Fatou', 'Zoé')]);
    const who = somebody();
    let heard = 0;
    const after = async (act: () => unknown): Promise<string> => {
      act();
      return (await botSaid(simulator, who, ++heard)).text;
    };
    const shares = () => after(() => simulator.phone.contact(who, { phone: '+221770000001' }));
    const says = (text: string) => after(() => simulator.phone.text(who, text));
    expect(await shares()).toContain('prénom de votre enfant');
    expect(await says('Modou')).toContain('Je ne retrouve pas ce prénom');
    await says('/start');
    expect(await shares()).toContain('prénom de votre enfant');
    expect(await says('Ibou')).toContain('Je ne retrouve pas ce prénom');
    await says('/start');
    expect(await shares()).toContain('prénom de votre enfant');
    // Somebody else with that number has not been asked anything.
    const other = somebody();
    simulator.phone.contact(other, { phone: '+221770000001' });
    expect((await botSaid(simulator, other, 1)).text).toContain("vient déjà d'être vérifié");
    expect(await says('Samba')).toContain('Numéro non trouvé');
    expect(await shares()).toContain("vient déjà d'être vérifié");
    expect((await audit(guichet)).map(({ outcome, reason, spent }) => [outcome, reason, spent])).toEqual([
      ['asked', 'several_people', 1],
      ['asked', 'child_unknown', 0],
      ['asked', 'several_people', 0],
      ['asked', 'child_unknown', 0],
      ['asked', 'several_people', 0],
      ['refused', 'too_many_attempts', 0],
      ['refused', 'child_unknown', 0],
      ['refused', 'too_many_attempts', 0],
    ]);
    const failures = command(data, 'accounts', 'failures').out;
    expect(failures.match(/asked +child_unknown/g)).toHaveLength(2);
    expect(failures.match(/refused +child_unknown/g)).toHaveLength(1);
    expect(failures).not.toContain('several_people');
  }, 40_000);

  test('a wrong name, /start, the number again and the right name: an account', async () => {
    const { simulator, guichet } = await startProduct({ desk, env });
    await fill(guichet, [family(1, '77 000 00 01', 'Awa', 'Léo'), family(2, '77 000 00 01', 'Fatou', 'Zoé')]);
    const who = somebody();
    simulator.phone.contact(who, { phone: '+221770000001' });
    await botSaid(simulator, who, 1);
    simulator.phone.text(who, 'Modou');
    await botSaid(simulator, who, 2);
    simulator.phone.text(who, '/start');
    await botSaid(simulator, who, 3);
    simulator.phone.contact(who, { phone: '+221770000001' });
    await botSaid(simulator, who, 4);
    simulator.phone.text(who, 'Zoé');
    expect((await botSaid(simulator, who, 5)).text).toContain('Votre compte a été créé');
  });
});
