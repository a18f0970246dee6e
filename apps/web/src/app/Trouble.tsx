import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Empty, Skeleton } from '../ui/Card.tsx';
import { Notice } from '../ui/Notice.tsx';
import { tell } from './api.ts';

/** A failure in words: what happened, what to do, the code to look up. */
export function Trouble({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const told = tell(error);
  return (
    <Notice tone="ember" title={told.title} live>
      <p>{told.detail}</p>
      {(told.code || told.requestId) && (
        <p className="mt-1 text-xs text-ink-2">
          {told.code && (
            <a href={`/problems/${told.code}`} target="_blank" rel="noreferrer" className="prose-link">
              What this means
            </a>
          )}
          {told.requestId && <span> · request {told.requestId}</span>}
        </p>
      )}
      {again && (
        <Button size="sm" className="mt-2" onClick={again}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

interface Asked<A> {
  readonly data: A | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/** Shows what was read, a skeleton until then, or what went wrong. Old data stays on screen while new data fails. */
export function Shown<A>({ of, lines, children }: { of: Asked<A>; lines?: number; children: (data: A) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Trouble error={of.error} again={() => void of.refetch()} />;
  return <Skeleton {...(lines !== undefined && { lines })} />;
}

export function NotFound() {
  return (
    <main id="main" className="mx-auto max-w-xl p-6">
      <h1 className="mb-3 text-xl font-[640]">Not found</h1>
      <Empty
        title="There is nothing at this address"
        action={
          <Link to="/" className={buttonClass('strong')}>
            Go to Now
          </Link>
        }
      >
        The link may be old, or cut. Nothing in Firebreak is ever deleted: if you look for an incident, find it by its
        label with Ctrl K.
      </Empty>
    </main>
  );
}

export function Crashed({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <main id="main" className="mx-auto max-w-xl p-6">
      <h1 className="mb-3 text-xl font-[640]">This screen failed</h1>
      <Trouble error={error} again={reset ?? (() => location.reload())} />
    </main>
  );
}
