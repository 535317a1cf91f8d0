import type { DocumentFormat } from '../../message/library.ts';

const FORMATS: Readonly<Record<string, DocumentFormat>> = {
  ...{ md: 'markdown', markdown: 'markdown', txt: 'text', pdf: 'pdf', docx: 'docx' },
  ...{ html: 'html', htm: 'html', xhtml: 'html', csv: 'table', tsv: 'table', xlsx: 'table' },
  ...{ jpg: 'image', jpeg: 'image', png: 'image', webp: 'image' },
};

/** Documents that a person may take for ones we read. */
const OTHERS = new Set(
  'doc xls ppt pptx odt ods odp rtf pages numbers epub tif tiff gif bmp heic eml msg zip'.split(' '),
);

const extensionOf = (file: string): string => /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';

/** What a file is to be read as, by its name; what it holds is checked when it is read. Undefined: not for us. */
export const formatOf = (file: string): DocumentFormat | undefined => FORMATS[extensionOf(file)];

/** A file that looks like a document and is none we read. */
export const isForeign = (file: string): boolean => OTHERS.has(extensionOf(file));

/** `sub/my file.pdf` → `sub/my file`: what sources cite. */
export const idOfFile = (file: string): string => file.replace(/\.[^./\\]+$/, '');

/** An id from any words: lower case letters, digits and `-`. Empty: nothing is left of them. */
export const slug = (words: string): string =>
  words
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');

const SEGMENT = /^[\p{L}\p{N}][\p{L}\p{N} ._'()-]{0,99}$/u;

/** May a document be called this? Its parts are those of a path, at most five. */
export const isDocumentId = (id: string): boolean => {
  const parts = id.split('/');
  return parts.length <= 5 && parts.every((part) => SEGMENT.test(part) && !part.endsWith(' '));
};
