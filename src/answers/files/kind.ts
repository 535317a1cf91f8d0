/** What the first bytes say; `ole` is what Office writes for old and for encrypted files. */
export type Signature = 'jpeg' | 'png' | 'webp' | 'pdf' | 'zip' | 'ole' | 'html' | 'text';

const MAGIC: readonly (readonly [Signature, readonly number[]])[] = [
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['ole', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
];

const PAGE = /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype html|<html|<head|<body)/i;
/** Texts that are programs or other formats: shown as text they would only be noise. */
const OTHER_TEXT = /^\s*(?:<!doctype|<svg|<\?xml|<script|\{\\rtf|%!ps|#!|begin:v)/i;
const LOOKED_AT = 4_096;

/** The kind of a file by its first bytes, never by its name. Undefined: nothing we read. */
export function signatureOf(bytes: Uint8Array): Signature | undefined {
  const found = MAGIC.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte));
  if (found) return found[0];
  const head = bytes.subarray(0, LOOKED_AT);
  const start = new TextDecoder('latin1').decode(head);
  if (/^RIFF[^]{4}WEBP/.test(start)) return 'webp';
  // Some programs write a line end or a mark before it.
  if (/^(?:\u00ef\u00bb\u00bf)?\s{0,8}%PDF-\d/.test(start)) return 'pdf';
  const utf16 = /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(start);
  if (head.length === 0 || (!utf16 && holdsControls(start))) return undefined;
  const text = start.replace(/^\u00ef\u00bb\u00bf/, '');
  if (PAGE.test(text)) return 'html';
  return OTHER_TEXT.test(text) ? undefined : 'text';
}

/** A character no text file holds: a control other than tab, line ends and form feed. */
export const holdsControls = (text: string): boolean => /[^\P{Cc}\t\n\f\r\u0080-\u009f]/u.test(text);
