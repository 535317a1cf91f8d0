import { split } from '../../message/split.ts';
import type { Styled } from '../../message/styled.ts';
import { cutOut, stack } from '../styled.ts';
import { LIMITS } from './limits.ts';
import { toMarkup } from './markup.ts';

/** The mark of part `i` of `n`: "(Suite 2/3)". */
export type Mark = (i: number, n: number) => string;

const GAP = '\n\n';
const length = (text: string): number => text.length;

/** A text as the bodies of as many text messages as it needs. */
export function textBodies(styled: Styled, mark: Mark): string[] {
  return bodies(styled, (i, n) => strong(mark(i, n)));
}

/**
 * The same when the last message holds buttons, whose body is four times shorter: what does not fit there goes before it, cut at
 * a paragraph. The last body is the one of the buttons.
 */
export function bodiesBeforeButtons(styled: Styled, mark: Mark): { before: string[]; body: string } {
  const whole = toMarkup(styled);
  if (whole.length <= LIMITS.interactiveBody) return { before: [], body: whole };
  let slack = length(mark(9, 9)) + GAP.length;
  for (;;) {
    const room = LIMITS.interactiveBody - slack;
    // Styles so dense that hardly a word fits beside them: the words are what counts.
    if (room < LIMITS.interactiveBody / 4) return bodiesBeforeButtons({ text: styled.text, spans: [] }, mark);
    const tail = split(styled, { limit: room, measure: length, mark: () => ({ text: '', spans: [] }) }).at(
      -1,
    );
    const end = styled.text.trimEnd().length;
    const start = end - (tail?.text.length ?? 0);
    const before = bodies(cutOut(styled, 0, start), (i, n) => strong(mark(i, n + 1)));
    const n = before.length + 1;
    const body = toMarkup(stack(n === 1 ? strong('') : strong(mark(n, n)), GAP, cutOut(styled, start, end)));
    if (body.length <= LIMITS.interactiveBody) return { before, body };
    slack += body.length - LIMITS.interactiveBody;
  }
}

/** Marks take room of their own, known only once written: parts are made smaller until they fit. */
function bodies(styled: Styled, mark: (i: number, n: number) => Styled): string[] {
  const cut = (from: Styled, limit: number): string[] =>
    split(from, { limit, measure: length, mark }).map(toMarkup);
  for (let limit: number = LIMITS.text; limit >= LIMITS.text / 4;) {
    const texts = cut(styled, limit);
    const over = Math.max(0, ...texts.map(length)) - LIMITS.text;
    if (over <= 0) return texts;
    limit -= over;
  }
  return cut({ text: styled.text, spans: [] }, LIMITS.text / 4);
}

function strong(text: string): Styled {
  return { text, spans: text === '' ? [] : [{ type: 'strong', offset: 0, length: text.length }] };
}
