import { StringDecoder } from 'node:string_decoder';

/** Reads `text/event-stream` (https://html.spec.whatwg.org/multipage/server-sent-events.html) piece by piece. */
export interface EventReader {
  /** The `data` of each event that this piece completes. */
  push(piece: Buffer): string[];
}

/** A line longer than this is no delta of a few words. UTF-16 units. */
const LONGEST_LINE = 64 * 1024;

/** Names, ids and comments are passed over; an event cut off by the end of the stream never comes out. Throws on an endless line. */
export function createEventReader(): EventReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let data: string[] = [];
  let began = false;
  return {
    push(piece) {
      const events: string[] = [];
      rest += decoder.write(piece);
      if (!began && rest !== '') {
        rest = rest.replace(/^\ufeff/, '');
        began = true;
      }
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) throw new Error('A line of the stream does not end.');
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) events.push(data.join('\n'));
          data = [];
        } else if (line === 'data') data.push('');
        else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      }
      return events;
    },
  };
}
