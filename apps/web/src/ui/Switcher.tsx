import type { ReactNode } from 'react';

/** Links that switch the view of one screen, drawn as tabs. The address carries the choice. */
export function Switcher({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav
      aria-label={label}
      className={
        'flex gap-5 overflow-x-auto [&>a]:border-b-2 [&>a]:border-transparent [&>a]:px-0.5 [&>a]:pt-1 [&>a]:pb-2.5 [&>a]:whitespace-nowrap [&>a]:text-ink-2 [&>a:hover]:text-ink ' +
        '[&>a[aria-current=page]]:border-ink [&>a[aria-current=page]]:font-[600] [&>a[aria-current=page]]:text-ink'
      }
    >
      {children}
    </nav>
  );
}
