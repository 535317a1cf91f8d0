/** Limits of the Cloud API. Lengths are counted in UTF-16 units: whichever unit Meta counts in, there are never more. */
export const LIMITS = {
  /** Body of a text message. */
  text: 4096,
  /** Under a picture, a video or a document. */
  caption: 1024,
  /** Body of a message with buttons, a list or a link. */
  interactiveBody: 1024,
  header: 60,
  footer: 60,
  buttons: 3,
  buttonTitle: 20,
  buttonId: 256,
  /** Of a list: in all its sections together. */
  rows: 10,
  sections: 10,
  sectionTitle: 24,
  rowTitle: 24,
  rowDescription: 72,
  rowId: 200,
  /** Label of the button that opens a list, and of the button that opens a link. */
  openButton: 20,
  url: 2000,
  /** `biz_opaque_callback_data`, which comes back in every status. */
  reference: 512,
  /** Name of a template, and one value put into it. */
  templateName: 512,
  parameter: 1024,
  /** Largest file of each kind, in and out. */
  imageBytes: 5_242_880,
  audioBytes: 16_777_216,
  videoBytes: 16_777_216,
  documentBytes: 104_857_600,
  stickerBytes: 512_000,
} as const;

/** A person may be written to for this long after their last message; later only with an approved template. */
export const WINDOW_MS = 24 * 3600_000;
