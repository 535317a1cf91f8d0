import type { Form, FormStep } from '../../desk/form.ts';
import type { FormDraft } from '../../message/form.ts';
import type { ReadFile } from '../../message/files.ts';
import type { AskResult, Turn } from '../../message/session.ts';
import { interaction, outcome } from '../decision.ts';
import type { Outcome } from '../decision.ts';
import { heardIn, whyUnread } from '../media.ts';
import type { MediaEvent } from '../media.ts';
import { say } from '../texts.ts';
import type { Voice } from '../texts.ts';
import { answerOf, screenOf } from './draft.ts';
import { changed, fillingOf, give, notTaken, onWords } from './fill.ts';
import type { Filling } from './fill.ts';

/** Files of one answer. */
const MOST_FILES = 10;

/** A file is kept where one is asked for; a voice message is words; a caption too. */
export function onMedia(filling: Filling, event: MediaEvent, silent: boolean): Outcome | undefined {
  const { turn, voice, form, draft } = filling;
  const { media } = event;
  const kind = media[0]?.kind ?? 'other';
  const effects = [interaction('media', kind)];
  const joins = silentOf(filling, event, silent);
  const arePapers =
    media.length > 0 && media.every((file) => file.kind === 'photo' || file.kind === 'document');
  if (arePapers && stepFor(form, draft, joins))
    return outcome(turn, { asks: [{ type: 'files', media, silent: joins, papers: true }], effects });
  if (silent) return outcome(turn, { effects });
  if (kind === 'voice' || kind === 'audio')
    return outcome(turn, { asks: [{ type: 'files', media, silent }], effects });
  const { caption = '' } = event;
  if (/[\p{L}\p{N}]/u.test(caption)) return onWords(filling, caption);
  return notTaken(filling, isFileStep(form, draft) ? say(voice, 'form_invalid_file') : []);
}

/** Where no platform tells of an album, a picture at a step that wants one is its answer, however fast it came. */
const silentOf = ({ form, draft }: Filling, event: MediaEvent, silent: boolean): boolean =>
  silent && (event.album !== undefined || !isFileStep(form, draft));

/** Files were fetched for the form; undefined: it is not about the form. */
export function filesInForm(
  turn: Turn,
  { files, silent }: Extract<AskResult, { type: 'files' }>,
  voice: Voice,
): Outcome | undefined {
  const filling = fillingOf(turn, voice);
  // What was heard is what they would have typed: it comes back as such.
  if (!filling || heardIn(files) !== undefined) return undefined;
  const { form, draft } = filling;
  const step = stepFor(form, draft, silent);
  const ids = files.flatMap(idOfPaper);
  if (!step) return silent ? outcome(turn) : notTaken(filling, say(voice, whyUnread(files)));
  if (ids.length === 0) return silent ? outcome(turn) : notTaken(filling, say(voice, 'form_invalid_file'));
  if (!silent) return give(filling, step, ids.slice(0, MOST_FILES));
  // One more picture of an album joins those that came before it.
  const before = answerOf(draft, step);
  const all = [...(Array.isArray(before) ? before : []), ...ids].slice(0, MOST_FILES);
  return changed(
    filling,
    { ...draft, answers: { ...draft.answers, [step.id]: all }, changedAt: turn.now },
    true,
  );
}

const idOfPaper = ({ id, kind, outcome: became }: ReadFile): string[] =>
  id !== undefined && became.status === 'stored' && (kind === 'photo' || kind === 'document') ? [id] : [];

/** The step that a file is for: the one being asked; for the next pictures of an album, the last that got one. */
function stepFor(form: Form, draft: FormDraft, silent: boolean): FormStep | undefined {
  const screen = screenOf(form, draft);
  if (screen.at === 'step' && screen.step.kind === 'file' && !silent) return screen.step;
  if (!silent) return undefined;
  const before = screen.at === 'step' ? form.steps.slice(0, screen.index + 1) : form.steps;
  return before.findLast((step) => step.kind === 'file' && Array.isArray(answerOf(draft, step)));
}

function isFileStep(form: Form, draft: FormDraft): boolean {
  const screen = screenOf(form, draft);
  return screen.at === 'step' && screen.step.kind === 'file';
}
