import { useRef } from 'react';
import { useKeys } from './keys.ts';

/** J and K walk the links marked `data-row` inside the element this is given to. Enter is the browser's own. */
export function useListKeys() {
  const list = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => () => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({ j: step(1), k: step(-1) });
  return list;
}
