import { WifiOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../ui/Button.tsx';
import { span } from '../ui/durations.ts';
import { liveState, onLiveState, retryNow } from './live.ts';

/** Losing the wire for a moment is not news; this long is. */
const GRACE_MS = 1_500;

/** Says that the screen may be old, how old, and what happens next. Nothing while the view is live. */
export function StaleBanner() {
  const state = useSyncExternalStore(onLiveState, liveState);
  const [now, setNow] = useState(Date.now);
  const lost = state.kind === 'lost';
  useEffect(() => {
    if (!lost) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [lost]);
  if (state.kind !== 'lost' || now - state.since < GRACE_MS) return null;
  const wait = Math.max(0, state.retryAt - now);
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-amber-line bg-amber-soft px-4 py-2 text-sm text-amber phone:px-6"
    >
      <WifiOff size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1">
        <b className="font-[640]">Connection lost. This view is {span(now - state.since)} old.</b>{' '}
        <span className="text-ink">
          Guards keep enforcing what was ordered.{' '}
          {wait > 900 ? `Trying again in ${span(Math.ceil(wait / 1_000) * 1_000)}.` : 'Trying again now.'}
        </span>
      </p>
      <Button size="sm" onClick={retryNow}>
        Try now
      </Button>
    </div>
  );
}
