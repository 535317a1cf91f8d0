import { describe, expect, test } from 'vitest';
import { shared } from '../support/over.ts';
import {
  botSaid,
  buttonsOf,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
} from '../support/product.ts';

interface Said {
  text: string;
  /** Labels of what can be tapped. */
  choices: string[];
}
/** Says something and gives the reply. */
type Say = (words: string) => Promise<Said>;

const telegram = shared(() => startProduct());
const whatsapp = shared(() => startOnWhatsApp());

async function onTelegram(): Promise<Say> {
  const { simulator } = await telegram();
  const awa = somebody();
  let count = 0;
  return async (words) => {
    simulator.phone.text(awa, words);
    const message = await botSaid(simulator, awa, (count += 1));
    return { text: message.text, choices: buttonsOf(message).flat() };
  };
}

async function onWhatsApp(): Promise<Say> {
  const { simulator } = await whatsapp();
  const awa = somebodyOnWhatsApp();
  simulator.phone.text(awa, 'menu');
  await saidOnWhatsApp(simulator, awa, 1);
  let count = 1;
  return async (words) => {
    simulator.phone.text(awa, words);
    const { text, list, buttons } = await saidOnWhatsApp(simulator, awa, (count += 1));
    const rows = list?.sections.flatMap((section) => section.rows) ?? [];
    return {
      text,
      choices: [
        ...rows.map(({ title, description }) => description ?? title),
        ...(buttons ?? []).map(({ title }) => title),
      ],
    };
  };
}

describe.each([
  ['Telegram', onTelegram],
  ['WhatsApp', onWhatsApp],
])('a conversation on %s', (_, open) => {
  test('three questions in one message get one reply, each with its source', async () => {
    const say = await open();
    const { text } = await say(
      'Quels documents pour les allocations familiales et combien je touche ? Et où est le siège ?',
    );
    const at = [
      'Quels documents pour les allocations familiales ?',
      'Combien je touche ?',
      'Où est le siège ?',
    ].map((question) => text.indexOf(question));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at.every((place) => place >= 0)).toBe(true);
    expect(text.match(/📄/g)).toHaveLength(3);
  });

  test('"pourquoi ?" never says the same again', async () => {
    const say = await open();
    const first = await say('Quels documents pour les allocations familiales ?');
    expect(first.text).toContain('extraits de naissance');
    const why = await say('Pourquoi ?');
    expect(why.text).not.toContain('extraits de naissance');
    expect(why.text).toContain("n'en disent pas plus");
    expect(why.choices.length).toBeGreaterThan(2);
  });

  test('a redirect says who knows, and cites nothing', async () => {
    const say = await open();
    const { text, choices } = await say('Quelle est la valeur du point IPRES ?');
    expect(text).toContain('Je vous oriente');
    expect(text).not.toContain('📄');
    expect(choices.some((label) => label.includes('Contact'))).toBe(true);
  });

  test('a misspelled question is asked back, and "oui" asks it', async () => {
    const say = await open();
    const { text, choices } = await say('je ve un relvé de poins');
    expect(text).toContain('Vouliez-vous dire');
    expect(choices.length).toBeGreaterThan(3);
    const next = await say('oui');
    expect(next.text).toMatch(/IPRES/);
    expect(next.text).not.toContain('Avec plaisir');
  });

  test('insults, robots and humans are answered calmly, with a way on', async () => {
    const say = await open();
    expect((await say('vous êtes nuls')).text).toContain('Je comprends');
    expect((await say('tu es un robot ?')).text).toContain('je suis un programme');
    const human = await say('je veux parler à quelqu’un');
    expect(human.choices.some((label) => label.includes('Contact'))).toBe(true);
  });
});
