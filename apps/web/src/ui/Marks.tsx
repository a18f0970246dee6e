import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type Tone = 'ember' | 'amber' | 'moss' | 'blue' | 'plain';

export const TONES: Record<Tone, string> = {
  ember: 'border-ember-line bg-ember-soft text-ember',
  amber: 'border-amber-line bg-amber-soft text-amber',
  moss: 'border-moss-line bg-moss-soft text-moss',
  blue: 'border-blue-line bg-blue-soft text-blue',
  plain: 'border-line bg-surface text-ink-2',
};

/** A short word in a box. Never colour alone: the word says the same. */
export function Flag({ tone = 'plain', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex items-center gap-1 rounded-sm border px-1.5 py-px text-2xs font-[600] whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** Severity 1-4. 1 and 2 are ember, 3 amber, 4 plain. */
export function Severity({
  level,
  provisional,
  size = 'md',
}: {
  level: number;
  provisional?: boolean;
  size?: 'sm' | 'md';
}) {
  return (
    <span
      title={provisional ? 'Provisional: an answer is still missing' : undefined}
      className={cx(
        'inline-block rounded-sm border font-[700] whitespace-nowrap',
        size === 'md' ? 'px-2 py-0.5 text-xs' : 'px-1.5 text-2xs',
        TONES[level <= 2 ? 'ember' : level === 3 ? 'amber' : 'plain'],
        provisional && 'border-dashed',
      )}
    >
      Sev {level}
      {provisional ? '?' : ''}
    </span>
  );
}

export function Id({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span className={cx('font-mono text-xs font-medium whitespace-nowrap text-ink-3', className)}>{children}</span>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((part) => [...part][0]?.toUpperCase() ?? '')
    .join('') || '?';

/** A person's initials in a circle; without a name, an empty seat in amber. */
export function Avatar({ name }: { name?: string | undefined }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        'inline-grid size-5.5 shrink-0 place-items-center rounded-full border text-[0.625rem] font-[700]',
        name ? TONES.blue : TONES.amber,
      )}
    >
      {name ? initials(name) : '?'}
    </span>
  );
}
