/** Limits of the Cloud API. Lengths are counted in UTF-16 units: whichever unit Meta counts in, there are never more. */
export const LIMITS = {
  /** Body of a text message. */
  text: 4096,
  /** Body of a message with buttons, a list or a link. */
  interactiveBody: 1024,
  buttons: 3,
  buttonTitle: 20,
  buttonId: 256,
  rows: 10,
  rowTitle: 24,
  rowDescription: 72,
  rowId: 200,
  /** Label of the button that opens a list, and of the button that opens a link. */
  openButton: 20,
  /** `biz_opaque_callback_data`, which comes back in every status. */
  reference: 512,
} as const;

/** A person may be written to for this long after their last message; later only with an approved template. */
export const WINDOW_MS = 24 * 3600_000;
