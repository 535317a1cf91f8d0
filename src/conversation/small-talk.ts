import { TALK_TEXTS } from '../desk/talk.ts';
import type { Effect, Turn } from '../message/session.ts';
import { steps } from './answer-reply.ts';
import { childNameIn } from './child-name.ts';
import { interaction, outcome } from './decision.ts';
import type { Intent, Outcome } from './decision.ts';
import { yesOrNo } from './forms/read.ts';
import { nextSteps, notice, toHumans, withChoices } from './pages.ts';
import { askMore } from './question.ts';
import { withOffered } from './taps.ts';
import { say } from './texts.ts';
import type { Voice } from './texts.ts';

/** A text as this session understands it: words that somebody waits for are no small talk, "non" takes back what we had understood. */
export function asMeant({ session }: Turn, intent: Intent, typed: string, voice: Voice): Intent {
  const awaited =
    session.leaving === true || (session.choosing !== undefined && childNameIn(typed, voice) !== undefined);
  if (intent.to === 'talk' && awaited) {
    return { to: 'question', text: intent.text, alone: false, record: [] };
  }
  const weAsked = session.meant !== undefined || session.unsent?.asked === true;
  if (weAsked && yesOrNo(typed, voice) === 'no') {
    return { to: 'notice', key: 'meant_no', record: [interaction('talk', 'meant_no')] };
  }
  return intent;
}

/** The reply to small talk: one calm sentence, and a way on. */
export function smallTalk(turn: Turn, intent: Extract<Intent, { to: 'talk' }>, voice: Voice): Outcome {
  const { talk, text, record: effects } = intent;
  switch (talk) {
    // A desk without that page.
    case 'erase':
      return outcome(turn, { replies: [notice(voice, 'unknown_command')], effects });
    case 'forget':
      return forgetDocuments(turn, effects, voice);
    case 'more': {
      const more = askMore(turn, voice, text);
      return more
        ? outcome(turn, { asks: [more], effects })
        : outcome(turn, { replies: [notice(voice, 'more_of_what')], effects });
    }
    case 'lost': {
      if (turn.session.previous === undefined)
        return outcome(turn, { replies: [notice(voice, 'more_of_what')], effects });
      const near = turn.session.answered?.near ?? [];
      return outcome(turn, {
        session: withOffered(turn.session, near),
        replies: [withChoices(say(voice, TALK_TEXTS.lost), steps(voice, near))],
        effects,
      });
    }
    case 'human':
    case 'insult':
    case 'robot':
    case 'who':
      return outcome(turn, {
        replies: [withChoices(say(voice, TALK_TEXTS[talk]), toHumans(voice))],
        effects,
      });
    case 'laugh':
    case 'goodbye':
    case 'thanks':
    case 'yes':
    case 'no':
      return outcome(turn, { replies: [notice(voice, TALK_TEXTS[talk])], effects });
    case 'hello':
      return outcome(turn, {
        replies: [withChoices(say(voice, 'welcome'), nextSteps(voice, 'menu', 'contact'))],
        effects,
      });
  }
}

/** Whatever was answered from them goes too: no follow-up finds it again. */
function forgetDocuments(turn: Turn, effects: Effect[], voice: Voice): Outcome {
  const { documents = 0, previous: _, said: __, answered: ___, ...session } = turn.session;
  if (documents === 0) return outcome(turn, { replies: [notice(voice, 'no_document')], effects });
  return outcome(turn, {
    session,
    replies: [notice(voice, 'document_forgotten')],
    effects: [...effects, { type: 'forget_documents' }],
  });
}
