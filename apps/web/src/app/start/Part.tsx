import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';

/** A mark that says done or open, in words too. */
export function Mark({ done, children }: { done: boolean; children?: ReactNode }) {
  return (
    <span
      className={cx(
        'grid size-6 shrink-0 place-items-center rounded-full border text-xs font-[700]',
        done ? 'border-moss-line bg-moss-soft text-moss' : 'border-line-strong text-ink-2',
      )}
    >
      {done ? <Check size={14} strokeWidth={2.6} aria-hidden="true" /> : <span aria-hidden="true">{children}</span>}
      <span className="sr-only">{done ? 'done: ' : 'open: '}</span>
    </span>
  );
}

/** One part of a move. */
export function Part({
  title,
  done,
  optional,
  children,
}: {
  title: string;
  done: boolean;
  optional?: boolean;
  children: ReactNode;
}) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 flex items-center gap-2 font-[620]">
        <Mark done={done} />
        {title}
        {optional && !done && <span className="text-xs font-normal text-ink-3">may wait</span>}
      </h3>
      <div className="phone:pl-8">{children}</div>
    </section>
  );
}
