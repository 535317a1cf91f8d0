import type { RawRequest } from '../message/route.ts';
import type { ApiScope } from '../storage/api-keys.ts';
import { isLocal } from './peer.ts';

export interface Caller {
  /** For what is written down: `key:site`, `local`. */
  name: string;
}

export interface AccessOptions {
  /** The key of this secret, when it is alive and has this scope. Takes the same time whatever the secret. */
  check(secret: string, scope: ApiScope): { name: string } | undefined;
  /** The desk lets anybody ask. */
  openAnswers: boolean;
}

/** The one place that says whether a request may. Whoever may not gets the same 401, whatever was wrong. */
export interface Access {
  /** Anybody where the desk is open, a program of this machine, or a key with `ask`. */
  ask(request: RawRequest): boolean;
  /** A program of this machine, or a key with this scope. */
  read(request: RawRequest, scope: ApiScope): boolean;
  /**
   * A key with this scope, from this machine too: a page of the web may send forms to it, any user of it may open a
   * connection, and what changes must say who changed it.
   */
  change(request: RawRequest, scope: ApiScope): Caller | undefined;
}

export function createAccess({ check, openAnswers }: AccessOptions): Access {
  const keyOf = (request: RawRequest, scope: ApiScope): Caller | undefined => {
    const secret = bearer(request);
    const key = secret === undefined ? undefined : check(secret, scope);
    return key && { name: `key:${key.name}` };
  };
  const read = (request: RawRequest, scope: ApiScope): boolean =>
    isLocal(request) || keyOf(request, scope) !== undefined;
  return {
    ask: (request) => openAnswers || read(request, 'ask'),
    read,
    change: keyOf,
  };
}

/** The secret of `Authorization: Bearer …`; never taken from an address, where logs would keep it. */
function bearer({ headers }: RawRequest): string | undefined {
  const value = headers['authorization'];
  return typeof value === 'string' ? /^Bearer +([\w-]{1,100})$/i.exec(value.trim())?.[1] : undefined;
}
