/** What one file of people may hold. The process that reads it is ended at the last two. */
export const IMPORT_LIMITS = {
  bytes: 30 * 1024 * 1024,
  /** Announced sizes of a workbook's parts together: 100,000 lines of 13 columns take 50 MB. */
  unzipped: 250 * 1024 * 1024,
  parts: 1_000,
  lines: 200_000,
  columns: 200,
  /** UTF-16 units of one cell; the rest is cut off. */
  cell: 500,
  /** Problems listed one by one; the others are only counted. */
  problems: 1_000,
  timeMs: 120_000,
  heapMb: 768,
} as const;
