import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { TONES, type Tone } from './Marks.tsx';

const ICONS = { ember: CircleAlert, amber: TriangleAlert, moss: Info, blue: Info, plain: Info };

/** A remark inside a screen or form. `live` makes a screen reader say it when it appears. */
export function Notice({
  tone = 'plain',
  title,
  children,
  live,
  className,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  live?: boolean;
  className?: string;
}) {
  const Icon = ICONS[tone];
  return (
    <div
      role={live ? 'alert' : undefined}
      className={cx('flex gap-2.5 rounded-md border p-3 text-sm', TONES[tone], className)}
    >
      <Icon size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        {title && <p className="font-[640]">{title}</p>}
        {children && <div className={cx('text-ink', title ? 'mt-0.5' : null)}>{children}</div>}
      </div>
    </div>
  );
}
