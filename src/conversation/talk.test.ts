import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDesk } from '../desk/load.ts';
import type { Desk } from '../desk/desk.ts';
import type { Answer } from '../message/answer.ts';
import type { SessionState } from '../message/session.ts';
import { answeredWith, found, NOW, on, recorded, seen, source, tap, turn, typed } from './fixtures/turns.ts';
import { askId, hashOf } from './taps.ts';
import { readText } from './commands.ts';
import { decide } from './decide.ts';
import { desk } from './fixtures/desk.ts';
import { voiceOf } from './texts.ts';

const STEPS = '[📋 Menu→menu | 📞 Contact→contact]';
const HUMANS = '[📞 Contact→contact | 📋 Menu→menu]';
const MENU = '[📋 Menu→menu]';
const said: SessionState = {
  previous: { question: 'Quel prix ?', topic: 'Prix' },
  said: { passages: ['actes#1'], hash: hashOf(found.body) },
  answered: { question: '1.0', near: ['Les actes'] },
};
const NEAR = `[Les actes→${askId('Les actes')}]`;

describe('small talk', () => {
  test.each<[string, SessionState, string, string]>([
    ['Au revoir !', {}, `goodbye_reply\n${MENU}`, 'talk:goodbye'],
    ['Merci, au revoir madame', {}, `goodbye_reply\n${MENU}`, 'talk:goodbye'],
    ['bye', {}, `goodbye_reply\n${MENU}`, 'talk:goodbye'],
    ['Qui es-tu ?', {}, `who_reply\n${HUMANS}`, 'talk:who'],
    ['Bonjour, es-tu un robot ?', {}, `robot_reply\n${HUMANS}`, 'talk:robot'],
    ['Parler à un agent', {}, `human_reply\n${HUMANS}`, 'talk:human'],
    ['Vous êtes vraiment nuls !!!', {}, `insult_reply\n${HUMANS}`, 'talk:insult'],
    ['lol', {}, `laugh_reply\n${MENU}`, 'talk:laugh'],
    ['MDRRRR 😂', {}, `laugh_reply\n${MENU}`, 'talk:laugh'],
    ['hahahaha', {}, `laugh_reply\n${MENU}`, 'talk:laugh'],
    ['❤️❤️', {}, `laugh_reply\n${MENU}`, 'talk:laugh'],
    ['Merci madame', {}, `thanks_reply\n${MENU}`, 'thanks'],
    ['jkdfgs', {}, `gibberish_reply\n${MENU}`, 'unsupported:gibberish'],
    ['qsdfgh aaaaaa', {}, `gibberish_reply\n${MENU}`, 'unsupported:gibberish'],
    ['Je n’ai pas compris', {}, `more_of_what\n${MENU}`, 'talk:lost'],
    ['Je n’ai pas compris', said, `lost_reply\n${NEAR}\n${STEPS}`, 'talk:lost'],
    ['???', said, `lost_reply\n${NEAR}\n${STEPS}`, 'talk:lost'],
    ['Pourquoi ?', {}, `more_of_what\n${MENU}`, 'talk:more'],
  ])('%j in %j', (text, session, reply, record) => {
    const decision = on(typed(text), { session });
    expect(seen(decision)).toEqual([reply]);
    expect(recorded(decision)).toEqual([record]);
    expect(decision).toMatchObject({ asks: [], counted: true });
  });

  test('a plain yes or no to nothing we asked is no thanks', () => {
    expect(seen(on(typed('Oui'), { session: said }))).toEqual([`yes_reply\n${MENU}`]);
    expect(seen(on(typed('non'), { session: said }))).toEqual([`no_reply\n${MENU}`]);
    expect(seen(on(typed('oui merci'), { session: said }))).toEqual([`thanks_reply\n${MENU}`]);
  });

  test('a greeting in other words opens the home page', () => {
    expect(seen(on(typed('Salut, ça va ?')))).toEqual(seen(on(typed('bonjour'))));
  });

  test.each([
    'Vous êtes nuls en maths ?',
    'Pourquoi le prix est haut ?',
    'lol le prix',
    'bonjour le prix',
    'un robot',
  ])('%j is a question', (text) => {
    expect(on(typed(text)).asks).toMatchObject([{ type: 'answer', question: { text } }]);
  });

  test('words that somebody waits for are no small talk', () => {
    const left = on(typed('Vous êtes nuls'), { session: { leaving: true } });
    expect(seen(left)).toEqual([`staff_message_kept\n${MENU}`]);
    expect(recorded(left)).toContain('staff:message');
  });

  test('an insult is no alarm, and goes to nobody', () => {
    expect(on(typed('nul')).effects).toEqual([{ type: 'interaction', action: 'talk', data: 'insult' }]);
  });
});

const abstained = (more: Partial<Extract<Answer, { status: 'abstained' }>> = {}): Answer => ({
  status: 'abstained',
  confidence: 0.1,
  suggestions: [],
  ...more,
});

describe('more of an answer', () => {
  const rest: Answer = { ...found, body: 'La suite.', sources: [source({ passage: 'actes#1' })] };

  test('is asked with what was said, and told as something new', () => {
    expect(on(typed('Pourquoi ?'), { session: said }).asks).toEqual([
      {
        type: 'answer',
        question: {
          text: 'Pourquoi ?',
          language: 'fr',
          previous: said.previous,
          more: { said: ['actes#1'] },
        },
      },
    ]);
    const told = answeredWith(typed('Pourquoi ?'), rest, { session: said });
    expect(seen(told)[0]).toMatch(/^La suite\.\n\nRéponse basée/);
    expect(told.session).toMatchObject({
      previous: said.previous,
      answered: said.answered,
      said: { passages: ['actes#1', 'actes#1'] },
    });
    expect(recorded(told)).toEqual(['more:answered']);
  });

  test.each<[string, Answer, string]>([
    ['the same words again', found, `nothing_more\n${NEAR}\n${STEPS}`],
    ['nothing', abstained(), `nothing_more\n${NEAR}\n${STEPS}`],
    [
      'other topics',
      abstained({ suggestions: [{ title: 'Le bal' }] }),
      `nothing_more\n[Le bal→${askId('Le bal')}]\n${STEPS}`,
    ],
    ['no engine', { status: 'unavailable', reason: 'timeout' }, `answer_timeout\n${MENU}`],
  ])('%s', (_, answer, reply) => {
    const told = answeredWith(typed('et après ?'), answer, { session: said });
    expect(seen(told)).toEqual([reply]);
    expect(told.effects.some(({ type }) => type === 'question')).toBe(false);
  });

  test('an engine that names no passage is asked all the same', () => {
    const { said: _, ...session } = said;
    expect(on(typed('plus de détails'), { session }).asks).toMatchObject([
      { question: { more: { said: [] } } },
    ]);
  });
});

describe('documents they sent', () => {
  const session: SessionState = { ...said, documents: 2, pictureAt: NOW };

  test('are forgotten at a word, with what was answered from them', () => {
    const decision = on(typed('Oublie mon document'), { session });
    expect(seen(decision)).toEqual([`document_forgotten\n${MENU}`]);
    expect(recorded(decision)).toEqual(['talk:forget', 'forget_documents']);
    expect(Object.keys(decision.session).sort()).toEqual(['choices', 'pictureAt']);
    expect(on(typed('Quel prix ?'), { session: decision.session }).asks).toEqual([
      { type: 'answer', question: { text: 'Quel prix ?', language: 'fr' } },
    ]);
  });

  test('where there is none, nothing goes', () => {
    const decision = on(typed('oublie mon document'), { session: said });
    expect(seen(decision)).toEqual([`no_document\n${MENU}`]);
    expect(recorded(decision)).toEqual(['talk:forget']);
  });

  test('what they hold is not said to be in ours', () => {
    const own: Answer = { ...found, sources: [source({ own: true })] };
    const [reply] = seen(answeredWith(typed('Et pour deux ?'), own, { session: said }));
    expect(reply).toMatch(/^Un acte/);
  });
});

describe('a question about one’s own file', () => {
  const personal = abstained({ personal: true });

  test('is not answered, and leads to a person', () => {
    expect(seen(answeredWith(typed('Où en est mon dossier ?'), personal))).toEqual([
      `answer_personal\n${HUMANS}`,
    ]);
  });
});

describe('an answer they just had', () => {
  test.each([
    ['Et pour deux ?', 'answer_same\n\nUn acte'],
    ['quel prix', 'Un acte'],
  ])('%j', (text, begins) => {
    expect(seen(answeredWith(typed(text), found, { session: said }))[0]).toMatch(new RegExp(`^${begins}`));
  });
});

describe('a correction', () => {
  test.each([
    ['Non, je voulais dire la retraite', 'la retraite'],
    ['Je voulais dire : « Le BAL »', 'Le BAL »'],
  ])('%j', (text, meant) => {
    expect(on(typed(text), { session: said }).asks).toMatchObject([
      { question: { text: meant, previous: said.previous, corrects: true } },
    ]);
  });

  test('of nothing is a question', () => {
    const [asked] = on(typed('Je voulais dire le bal')).asks;
    expect(asked).toEqual({ type: 'answer', question: { text: 'le bal', language: 'fr' } });
  });
});

describe('a misspelled question', () => {
  const meant = abstained({ meant: 'Quel prix pour un acte ?', suggestions: [{ title: 'Les actes' }] });
  const event = typed('kel pri pr 1 ate');
  const button = `[Quel prix pour un acte ?→${askId('Quel prix pour un acte ?')}]`;

  test('is asked back, with the nearest topics and a human', () => {
    const decision = answeredWith(event, meant);
    expect(seen(decision)).toEqual([
      `Vouliez-vous dire « Quel prix pour un acte ? »\n\nanswer_suggestions\n${button}\n${NEAR}\n${STEPS}`,
    ]);
    expect(decision.session).toMatchObject({ meant: 'Quel prix pour un acte ?' });
  });

  test.each([typed('Oui !'), typed('waaw'), typed('1'), tap(askId('Quel prix pour un acte ?'))])(
    '%j asks it, and its answer says which',
    (yes) => {
      const { session } = answeredWith(event, meant);
      const answer = answeredWith(yes, found, { session });
      expect(seen(answer)[0]).toMatch(/^Quel prix pour un acte \?\n\nUn acte/);
      expect(answer.session.meant).toBeUndefined();
    },
  );

  test('"non" takes it back; anything else does too', () => {
    const { session } = answeredWith(event, meant);
    const no = on(typed('non'), { session });
    expect(seen(no)).toEqual([`meant_no\n${MENU}`]);
    expect(no.session.meant).toBeUndefined();
    expect(on(typed('menu'), { session }).session.meant).toBeUndefined();
    expect(answeredWith(typed('Et le bal ?'), abstained(), { session }).session.meant).toBeUndefined();
  });

  test('where one of the topics may be it, they are offered without excuses', () => {
    const unsure = answeredWith(event, abstained({ unsure: true, suggestions: [{ title: 'Les actes' }] }));
    expect(seen(unsure)).toEqual([`answer_unsure\n${NEAR}\n${STEPS}`]);
  });
});

describe('several questions in one message', () => {
  const event = typed('Quels papiers pour un acte ? Et où est la mairie ?');
  const where: Answer = {
    ...found,
    body: 'Rue **12**.',
    sources: [source({ title: 'Mairie', section: 'Adresse' })],
  };
  const play = (...answers: Answer[]) => {
    const first = on(event);
    const [asked] = first.asks;
    if (asked?.type !== 'answer') throw new Error('Nothing was asked.');
    const [one, ...others] = answers;
    const also = (asked.also ?? []).flatMap((question, at) => {
      const answer = others[at];
      return answer ? [{ question, answer }] : [];
    });
    const result = { type: 'answer' as const, question: asked.question, answer: one ?? found, also };
    return decide(turn({ session: first.session }), { event, result }, desk);
  };

  test('each is asked, the second as it follows the first', () => {
    expect(on(event).asks).toEqual([
      {
        type: 'answer',
        question: { text: 'Quels papiers pour un acte ?', language: 'fr' },
        also: [
          {
            text: 'Où est la mairie ?',
            language: 'fr',
            previous: { question: 'Quels papiers pour un acte ?' },
          },
        ],
      },
    ]);
  });

  test('all are answered in one reply, each with its question and its source', () => {
    const decision = play(found, where);
    expect(seen(decision)).toEqual([
      'Quels papiers pour un acte ?\n\nUn acte coûte 200 F.\n\nRéponse basée sur les documents\nSource : Actes, Prix (au 1er janvier 2026)\n\n' +
        'Où est la mairie ?\n\nRue 12.\n\nRéponse basée sur les documents\nSource : Mairie, Adresse (au 1er janvier 2026)',
    ]);
    expect(decision.session.previous).toEqual({ question: 'Où est la mairie ?', topic: 'Adresse' });
    expect(decision.effects.filter(({ type }) => type === 'question')).toMatchObject([
      { id: '1.0' },
      { id: '1.0x1' },
    ]);
  });

  test('one that is not answered gets a line and a way on', () => {
    expect(seen(play(found, abstained({ suggestions: [{ title: 'Les actes' }] })))[0]).toMatch(
      /Où est la mairie \?\n\nseveral_not_found\n\[Les actes→/,
    );
    expect(seen(play(abstained(), where))[0]).toMatch(
      /^Quels papiers pour un acte \?\n\nseveral_not_found\n\nOù est/,
    );
    expect(seen(play({ status: 'unavailable', reason: 'timeout' }, where))[0]).toMatch(
      /acte \?\n\nanswer_timeout\n\nOù/,
    );
  });

  test('the same answer to both is said once, as one answer', () => {
    const twice = seen(play(found, found))[0] ?? '';
    expect(twice.match(/200 F/g)).toHaveLength(1);
    expect(twice).toMatch(/^Un acte/);
  });
});

const real: Desk = loadDesk(join(import.meta.dirname, '../../desks/css'));
const read = (text: string) => {
  const intent = readText(text, voiceOf(turn({ now: NOW }), typed(text), real), false);
  if (intent.to === 'talk') return intent.talk;
  return intent.to === 'page' ? intent.page.id : intent.to === 'notice' ? intent.key : intent.to;
};

describe('the words of the product', () => {
  test.each([
    ['nanga def', 'start'],
    ['Salam aleykum', 'start'],
    ['Salamalekum', 'start'],
    ['Assalamou aleykoum, ça va ?', 'start'],
    ['Vous ete un robo ?', 'robot'],
    ['T’es un robot toi ?', 'robot'],
    ['supprime mon document', 'forget'],
    ['Retire le fichier stp', 'forget'],
    ['oubliez mes photos svp', 'forget'],
    ['Pouvez-vous supprimer mon document ?', 'forget'],
    ['forget my document', 'forget'],
    ['delete the file please', 'forget'],
    ['oui', 'yes'],
    ['waaw', 'yes'],
    ['non', 'no'],
    ['Salaamaalekum, nanga def ?', 'start'],
    ['jërëjëf', 'thanks_reply'],
    ['merci beaucoup pour votre aide', 'thanks_reply'],
    ['lu tax ?', 'more'],
    ['baal ma', 'lost'],
    ['why?', 'more'],
    ['more details please', 'more'],
    ['I don’t understand', 'lost'],
    ['who are you?', 'who'],
    ['are you a robot?', 'robot'],
    ['I want to talk to a human', 'human'],
    ['je veux parler à un conseiller svp', 'human'],
    ['tu es un robot ?', 'robot'],
    ['vous êtes une bande de voleurs', 'insult'],
    ['ta gueule', 'insult'],
    ['et ensuite ?', 'more'],
    ['donnez-moi plus de détails', 'more'],
    ['c’est pas clair', 'lost'],
    ['à bientôt', 'goodbye'],
    ['Merci, bonne journée !', 'goodbye'],
    ['ok', 'thanks_reply'],
  ])('%j → %s', (text, to) => {
    expect(read(text)).toBe(to);
  });

  test.each([
    'Quelle agence est ouverte ?',
    'Bonjour, comment payer ?',
    'Pourquoi ma pension a baissé ?',
    'Je veux parler de la retraite',
    'Mon patron est un voleur, que faire ?',
    'Qui paie les allocations ?',
    'C’est qui le directeur ?',
    'retraite',
    'Supprimer mon document du dossier de retraite ?',
    'IPRES',
    'Agent de maîtrise : quel taux ?',
    'plus de deux enfants',
    'et après le troisième enfant ?',
  ])('%j is a question', (text) => {
    expect(read(text)).toBe('question');
  });

  test('whatever is written is read as one thing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => read(text).length > 0));
  });
});
