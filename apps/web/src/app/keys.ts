import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Single keys can be turned off (WCAG 2.1.4), because speech input and shaking hands press them by accident. */
const SETTING = 'firebreak.single-keys';
const listeners = new Set<() => void>();

function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(SETTING) !== 'off';
  } catch {
    return true;
  }
}
export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(SETTING, on ? 'on' : 'off');
  } catch {
    // Without storage the setting holds for nothing; the keys stay on.
  }
  for (const listener of listeners) listener();
}
export function useSingleKeys(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, singleKeysOn);
}

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * What a press means, given the key before it: `mod+k`, `g n`, `c`, `?`. Null when it is no shortcut.
 * A sequence starts with `g` and ends with the next key.
 */
export function chordOf(press: Press, before: string | null): string | null {
  if (press.altKey) return null;
  if (press.key.length !== 1) return null;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) return `mod+${key}`;
  return before === 'g' && key !== 'g' ? `g ${key}` : key;
}

const SEQUENCE_MS = 1_200;

const NOT_TYPED_INTO = /^(checkbox|radio|button|submit|reset|range|color|file)$/;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TYPED_INTO.test(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Runs the action of a chord. Not while somebody types, not behind an open dialog; `mod+` chords work everywhere. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let before: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat) return;
      const fresh = before && event.timeStamp - before.at < SEQUENCE_MS ? before.key : null;
      const chord = chordOf(event, fresh);
      before = chord === 'g' ? { key: 'g', at: event.timeStamp } : null;
      if (chord === null) return;
      const modified = chord.startsWith('mod+');
      if (
        !modified &&
        (typing(event.target) || !singleKeysOn() || document.querySelector('dialog[open], [data-asking]'))
      )
        return;
      const action = latest.current[chord];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
