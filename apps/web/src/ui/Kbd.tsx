import { cx } from './cx.ts';

/** A key. `plain` leaves the box out, for use on a button. Hidden from screen readers there: the button has its name. */
export function Kbd({ children, plain }: { children: string; plain?: boolean }) {
  return (
    <kbd
      aria-hidden={plain || undefined}
      className={cx(
        'font-mono text-2xs font-medium',
        plain
          ? 'max-phone:hidden'
          : 'inline-block min-w-5 rounded-sm border border-line-strong bg-surface px-1.5 py-px text-center text-ink-2',
      )}
    >
      {children}
    </kbd>
  );
}
