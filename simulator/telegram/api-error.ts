/** A refusal in the platform's own words: HTTP status = `code`, body `{ok:false,error_code,description,parameters?}`. */
export class ApiError extends Error {
  readonly code: number;
  readonly parameters: Record<string, unknown> | undefined;

  constructor(code: number, description: string, parameters?: Record<string, unknown>) {
    super(description);
    this.name = 'ApiError';
    this.code = code;
    this.parameters = parameters;
  }
}

/** 400. The server lower-cases the first letter of a sentence and keeps codes (BUTTON_DATA_INVALID) as they are. */
export function badRequest(sentence: string, parameters?: Record<string, unknown>): ApiError {
  const text = /^[A-Z][A-Z_]/.test(sentence)
    ? sentence
    : sentence.charAt(0).toLowerCase() + sentence.slice(1);
  return new ApiError(400, `Bad Request: ${text}`, parameters);
}

export const forbidden = (sentence: string): ApiError => new ApiError(403, `Forbidden: ${sentence}`);

export const tooManyRequests = (seconds: number): ApiError =>
  new ApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
