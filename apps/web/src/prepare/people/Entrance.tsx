import type { ReactNode } from 'react';
import { useTitle } from '../../app/Page.tsx';
import { Mark } from '../../app/Rail.tsx';

/** The frame of the screens outside: signing in, and the first link. */
export function Entrance({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <Mark size={36} />
          <span className="text-lg font-[640] tracking-[-0.01em]">Firebreak</span>
        </div>
        <h1 className="text-xl font-[640]">{title}</h1>
        <p className="mt-1 mb-5 text-ink-2">{lead}</p>
        {children}
      </div>
    </main>
  );
}
