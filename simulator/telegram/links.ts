const KNOWN_SCHEMES = new Set(['http', 'https', 'ftp', 'tg', 'ton', 'tonsite']);

/** The link Telegram would keep for `url`, or undefined where it drops the link (no dot in the host, spaces…). */
export function checkedLink(url: string): string | undefined {
  if (url === '' || /[\s\p{Cc}]/u.test(url)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && !scheme.includes('.') && !KNOWN_SCHEMES.has(scheme)) return undefined;
  if (scheme === 'tg' || scheme === 'ton') return url;
  const full = scheme !== undefined && KNOWN_SCHEMES.has(scheme) ? url : `http://${url}`;
  if (!URL.canParse(full)) return undefined;
  const parsed = new URL(full);
  const host = parsed.hostname;
  return host.includes('.') || host.startsWith('[') ? parsed.href : undefined;
}

/** `tg://user?id=N` and `tg:user?id=N` mention a person. */
export function linkedUser(url: string): number | undefined {
  const id = /^tg:(?:\/\/)?user\/?\?id=(\d{1,16})$/i.exec(url)?.[1];
  return id === undefined ? undefined : Number(id);
}
