/** A program of the child could not be loaded: the file is not to blame. */
export interface Lacking {
  lacks: string;
}

/** Thrown when a parser cannot be loaded. */
export class LackingError extends Error {}

/** Loads a parser, and tells that from what the parser says of a file. */
export async function load<M>(module: () => Promise<M>): Promise<M> {
  try {
    return await module();
  } catch (error) {
    const resource = error instanceof Error && 'resource' in error ? ` (${String(error.resource)})` : '';
    throw new LackingError(`${String(error)}${resource}`, { cause: error });
  }
}
