/** Framework-free HTTP: what a channel declares and `http` mounts. Bodies are the raw bytes, so signatures can be checked. */
export interface RawRequest {
  method: string;
  /** Path without query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names; a repeated header arrives as an array. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** Address of the peer (never taken from a forwarded header). */
  remote: string;
}

export interface RawResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** It takes every path that begins with `path`, which ends with `/`. */
  below?: true;
  /** Larger bodies are refused with 413 before they are read. Bytes. */
  maxBody: number;
  /** Asked before the body is read (`body` is empty then): an answer here refuses it unread. */
  refuse?(request: RawRequest): RawResponse | undefined;
  handle(request: RawRequest): Promise<RawResponse>;
}
