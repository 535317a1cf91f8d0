import type { PageView } from '../desk/desk.ts';
import type { SessionState } from '../message/session.ts';
import { interaction } from './decision.ts';
import { readDeed } from './deeds.ts';
import type { Intent } from './decision.ts';
import { pageOf } from './texts.ts';
import type { Voice } from './texts.ts';

const PREFIX = 'ask:';

/** Choice id of a question that is asked when tapped: `ask:` and 8 hex digits, the same after a restart. */
export const askId = (question: string): string => PREFIX + hashOf(question);

/** FNV-1a, 32 bits, as 8 hex digits: tells texts apart, protects nothing. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const MOST_OFFERED = 10;

/** The session with these questions put on buttons, the newest last. */
export function withOffered(session: SessionState, fresh: readonly string[]): SessionState {
  if (fresh.length === 0) return session;
  const older = (session.offered ?? []).filter((it) => !fresh.includes(it));
  return { ...session, offered: [...older, ...fresh].slice(-MOST_OFFERED) };
}

/** What a tapped button wants; `offered` are the questions this session put on buttons. */
export function readTap(id: string, voice: Voice, offered: readonly string[]): Intent {
  const page = pageOf(voice, id);
  if (page) return { to: 'page', page, record: [interaction('tap', page.id)] };
  const deed = readDeed(id);
  if (deed) return { to: 'deed', deed, record: [interaction('tap', deed.type)] };
  const text = questionBehind(id, voice, offered);
  if (text !== undefined)
    return { to: 'question', text, alone: true, record: [interaction('tap', 'question')] };
  return { to: 'notice', key: 'outdated_button', record: [interaction('tap', 'outdated')] };
}

function questionBehind(id: string, voice: Voice, offered: readonly string[]): string | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const isBehind = (question: string) => askId(question) === id;
  return offered.find(isBehind) ?? exampleQuestions(voice).find(isBehind);
}

function exampleQuestions(voice: Voice): string[] {
  const views = voice.texts
    .flatMap((texts) => [...texts.pages.values()])
    .flatMap((page): PageView[] => (page.full ? [page.view, page.full] : [page.view]));
  return views.flatMap((view) => view.buttons.flat()).flatMap((button) => button.question ?? []);
}
