/** What one sent file may hold. The child that reads it is ended at the last two. */
export const FILE_LIMITS = {
  bytes: 20 * 1024 * 1024,
  pages: 200,
  /** Width × height of one picture, before it is made smaller. */
  pixels: 40_000_000,
  /** UTF-16 units of text in the whole file. */
  text: 2_000_000,
  /** Pages of a scan that are read as pictures: a full one takes three seconds. */
  scannedPages: 8,
  /** A picture that takes longer is a landscape, not a paper. */
  pictureMs: 20_000,
  timeMs: 30_000,
  /** Resident memory of the child: 300 MB when it recognises text in a large picture. */
  memoryBytes: 640 * 1024 * 1024,
} as const;

/** The same for a document of the desk: nobody waits for it. */
export const DOCUMENT_LIMITS = {
  pages: 1_000,
  text: 8_000_000,
  scannedPages: 60,
  /** Lines of all the sheets of a table. */
  rows: 20_000,
  /** UTF-16 units of one cell; the rest is cut off. */
  cell: 1_000,
  timeMs: 240_000,
} as const;

/** Inside a DOCX or XLSX, by its own central directory and then by what really comes out. */
export const ZIP_LIMITS = {
  entries: 2_000,
  /** Sum of the announced sizes, bytes. */
  total: 100 * 1024 * 1024,
  /** Announced size of the whole for one byte of the file; text of an office document stays under 40. */
  ratio: 100,
  /** One part that is read, bytes. */
  part: 32 * 1024 * 1024,
} as const;
