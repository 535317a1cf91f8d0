import { scrub } from '../../lib/scrub.ts';
import type { Reply } from '../../message/outbound.ts';
import { LIMITS } from './limits.ts';

/** Shown for a value that is not there: WhatsApp refuses an empty one, and with it the whole message. */
const NOTHING = '—';

/**
 * The `template` object of a message. Values go on one line, since WhatsApp refuses line breaks, tabs and more than four spaces in
 * a row. Throws `RangeError` on what it would refuse all the same: a mistake of whoever wrote the template.
 */
export function templateOf({
  name,
  language,
  parameters,
}: NonNullable<Reply['template']>): Record<string, unknown> {
  if (!/^[a-z0-9_]+$/.test(name) || name.length > LIMITS.templateName)
    throw new RangeError(
      `The template "${name.slice(0, 80)}" has no usable name: write it as it was approved, in lower case with underscores.`,
    );
  if (!/^[a-z]{2,3}(?:_[A-Za-z]{2,4})?$/.test(language))
    throw new RangeError(
      `The template "${name}" has the language "${language.slice(0, 20)}": write it as it was approved, such as fr or en_US.`,
    );
  const values = parameters.map((value) => {
    const text = oneLine(value);
    if (text.length > LIMITS.parameter)
      throw new RangeError(
        `A value of the template "${name}" is longer than ${String(LIMITS.parameter)} characters: a template takes short ones.`,
      );
    return { type: 'text', text };
  });
  return {
    name,
    language: { code: language },
    ...(values.length === 0 ? {} : { components: [{ type: 'body', parameters: values }] }),
  };
}

/** A single no-break space stays: French writes it before a colon. */
function oneLine(value: string): string {
  const line = scrub(value)
    .replace(/\s+/g, (space) => (/^[\u00a0\u202f]$/.test(space) ? space : ' '))
    .trim();
  return line === '' ? NOTHING : line;
}
