import type { Attachment } from 'svelte/attachments';

/**
 * Makes an element a menu: focus enters it, arrows, Home and End move inside, Escape, a choice or a press outside
 * closes it, and focus goes back to where it came from.
 */
export function popup(close: () => void): Attachment<HTMLElement> {
  return (menu) => {
    const opener = document.activeElement;
    const items = (): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
    items()[0]?.focus({ preventScroll: true });

    const leave = (): void => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
      close();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        leave();
        return;
      }
      if (event.key === 'Tab') {
        close();
        return;
      }
      const target = targetOf(event.key, items());
      if (!target) return;
      event.preventDefault();
      target.focus();
    };
    const onClick = (event: MouseEvent): void => {
      if (event.target instanceof Element && event.target.closest('[role=menuitem]')) leave();
    };
    const onOutside = (event: PointerEvent): void => {
      const target = event.target;
      if (!(target instanceof Node) || menu.contains(target)) return;
      // The button that opened the menu closes it with its own click.
      if (opener instanceof Node && opener.contains(target)) return;
      close();
    };
    menu.addEventListener('keydown', onKey);
    menu.addEventListener('click', onClick);
    document.addEventListener('pointerdown', onOutside);
    return () => {
      menu.removeEventListener('keydown', onKey);
      menu.removeEventListener('click', onClick);
      document.removeEventListener('pointerdown', onOutside);
    };
  };
}

function targetOf(key: string, items: HTMLElement[]): HTMLElement | undefined {
  const at = items.findIndex((item) => item === document.activeElement);
  if (key === 'ArrowDown' || key === 'ArrowRight') return items[(at + 1) % items.length];
  if (key === 'ArrowUp' || key === 'ArrowLeft') return items.at(at <= 0 ? -1 : at - 1);
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  return undefined;
}
