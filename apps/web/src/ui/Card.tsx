import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A titled part of a screen. The title sits outside the card, as in the picture. */
export function Section({
  title,
  aside,
  children,
  className,
  id,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  id?: string;
}) {
  return (
    <section className={cx('mb-5 min-w-0', className)} aria-labelledby={id}>
      <div className="mb-2 flex min-h-6 items-baseline gap-3">
        <h2 id={id} className="text-xs font-[640] text-ink-2">
          {title}
        </h2>
        {aside && <div className="ml-auto text-xs text-ink-3">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

export function Card({ children, className, flush }: { children: ReactNode; className?: string; flush?: boolean }) {
  return <div className={cx('rounded-lg border border-line bg-surface', !flush && 'p-4', className)}>{children}</div>;
}

/** A list inside a card: one hairline between rows. */
export function Rows({ children, className, label }: { children: ReactNode; className?: string; label?: string }) {
  return (
    <ul
      aria-label={label}
      className={cx(
        'overflow-hidden rounded-lg border border-line bg-surface *:border-t *:border-t-line *:first:border-t-0',
        className,
      )}
    >
      {children}
    </ul>
  );
}

/** What a list says when it has nothing: what would be here, and how to get it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="rounded-lg border border-dashed border-line-strong px-5 py-6">
      <p className="font-[620]">{title}</p>
      {children && <div className="mt-1 max-w-[62ch] text-ink-2">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

const SKELETON = ['w-11/12', 'w-2/3', 'w-4/5', 'w-1/2', 'w-3/4', 'w-5/12', 'w-5/6', 'w-7/12'];

export function Skeleton({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-2.5 py-1">
      {SKELETON.slice(0, lines).map((width) => (
        <div key={width} className={cx('skeleton h-4', width)} />
      ))}
    </div>
  );
}

/** Pairs of a word and what it stands for. */
export function Pairs({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm [&>dt]:text-ink-3">{children}</dl>
  );
}
