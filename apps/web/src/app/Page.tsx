import { type ReactNode, useEffect } from 'react';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { useActions } from './actions.tsx';

/** The brake. On every screen, in ember, always the last thing on the right; on a phone it lies under the thumb instead. */
export function Brake({ incident, system, className }: { incident?: string; system?: string; className?: string }) {
  const { ask } = useActions();
  return (
    <Button
      look="brake"
      hotkey="C"
      className={cx('print:hidden', className ?? 'max-phone:hidden')}
      onClick={() => ask({ kind: 'contain', ...(incident && { incident }), ...(system && { system }) })}
    >
      Contain
    </Button>
  );
}

interface PageProps {
  title: string;
  /** One sentence that answers "what is happening here". */
  lead?: ReactNode;
  eyebrow?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
  system?: string;
  children: ReactNode;
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Firebreak`;
  }, [title]);
}

export function Page({ title, lead, eyebrow, actions, tabs, system, children }: PageProps) {
  useTitle(title);
  return (
    <>
      <header className="border-b border-line bg-surface px-4 pt-4 phone:sticky phone:top-0 phone:z-10 phone:px-6">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
          <div className="min-w-[min(100%,26rem)] flex-1 max-phone:basis-full">
            {eyebrow && <div className="text-xs text-ink-3 [&_a]:-my-1 [&_a]:inline-block [&_a]:py-1">{eyebrow}</div>}
            <h1 className="text-xl font-[640] tracking-[-0.01em]">{title}</h1>
            {lead && <p className="mt-0.5 text-ink-2">{lead}</p>}
          </div>
          <div className="flex flex-wrap items-center gap-2">
            {actions}
            <Brake {...(system && { system })} />
          </div>
        </div>
        {tabs}
      </header>
      <main id="main" tabIndex={-1} className="p-4 pb-8 outline-none phone:p-6">
        {children}
      </main>
    </>
  );
}
