import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** A screen sets its title just after it is shown. */
const TITLE_MS = 300;

/** Tells a screen reader which screen it is on after going there: nothing reloads, so nothing else would. */
export function Announcer() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [said, say] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the occasion, the title is what is said
  useEffect(() => {
    const timer = setTimeout(() => say(document.title), TITLE_MS);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
