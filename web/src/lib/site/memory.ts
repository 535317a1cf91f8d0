/** Small preferences of this browser. Storage may be refused (private windows, policies): then nothing is kept. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`guichet.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`guichet.${name}`, value);
  } catch {
    // The choice lasts for this visit only.
  }
}
