/** What somebody wrote as a type may hold what no header can. */
export const headerMime = (mime: string): string =>
  /^[\w.+-]+\/[\w.+-]+( ?; ?[\w.+-]+="?[\w.+, -]+"?)*$/.test(mime) ? mime : 'application/octet-stream';
