import { reachChanges, readMark } from '@firebreak/core/respond/recommendation';
import { useEffect, useRef } from 'react';
import { Notice } from '../../ui/Notice.tsx';

/** What is different since the preview an order was refused for; comes into view by itself. */
export function ReachChanged({ before, now }: { before: string; now: string }) {
  const [was, is] = [readMark(before), readMark(now)];
  const changes = was && is ? reachChanges(was, is) : [];
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What it returns, a promise in some browsers, is not the end of this effect.
    shown.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <div ref={shown}>
      <Notice tone="amber" title="Not ordered: it would meet something else than a moment ago" live>
        {changes.length === 0 ? (
          <p>It is about the same again. Look once more, then order.</p>
        ) : (
          <ul className="grid gap-0.5">
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  );
}
