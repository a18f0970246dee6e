import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { ActionsContext, type Question } from './actions.tsx';
import { onSignedOut, queries } from './ask.ts';
import { followFacts } from './follow.ts';
import { useKeys } from './keys.ts';
import { stayLive } from './live.ts';
import { BottomBar, Rail } from './Rail.tsx';
import { StaleBanner } from './StaleBanner.tsx';
import { useMe } from './session.tsx';

const Palette = lazy(() => import('./Palette.tsx').then((m) => ({ default: m.Palette })));
const KeyboardHelp = lazy(() => import('./KeyboardHelp.tsx').then((m) => ({ default: m.KeyboardHelp })));
const Menu = lazy(() => import('./Menu.tsx').then((m) => ({ default: m.Menu })));
const DeclareDialog = lazy(() =>
  import('../respond/incidents/DeclareDialog.tsx').then((m) => ({ default: m.DeclareDialog })),
);
const ContainDialog = lazy(() =>
  import('../respond/containment/ContainDialog.tsx').then((m) => ({ default: m.ContainDialog })),
);
const LiftDialog = lazy(() => import('../respond/containment/LiftDialog.tsx').then((m) => ({ default: m.LiftDialog })));

/** Everything around the screens of somebody who is signed in. */
export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const [question, ask] = useState<Question | null>(null);
  const close = useCallback(() => ask(null), []);
  const actions = useMemo(() => ({ ask, close }), [close]);
  const here = useRouterState({ select: (state) => state.location.href });
  const room = useRouterState({
    select: (state) => state.matches.flatMap((m) => ('incident' in m.params ? [String(m.params.incident)] : []))[0],
  });

  const signIn = useCallback(() => {
    queries.clear();
    void navigate({ to: '/sign-in', search: here === '/' ? {} : { next: here } });
  }, [navigate, here]);
  useEffect(() => onSignedOut(signIn), [signIn]);

  const signedIn = me.data !== undefined;
  useEffect(() => {
    if (!signedIn) return;
    const end = new AbortController();
    const unfollow = followFacts();
    void stayLive(end.signal);
    return () => {
      end.abort();
      unfollow();
    };
  }, [signedIn]);

  useKeys({
    'mod+k': () => ask({ kind: 'palette' }),
    '/': () => ask({ kind: 'palette' }),
    '?': () => ask({ kind: 'keys' }),
    c: () => ask({ kind: 'contain', ...(room && { incident: room }) }),
    d: () => ask({ kind: 'declare' }),
    'g n': () => void navigate({ to: '/' }),
    'g c': () => void navigate({ to: '/candidates' }),
    'g i': () => void navigate({ to: '/incidents' }),
    'g s': () => void navigate({ to: '/systems' }),
    'g ,': () => void navigate({ to: '/settings' }),
  });

  return (
    <ActionsContext value={actions}>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-ink px-4 py-2 text-surface focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] phone:grid-cols-[5.25rem_minmax(0,1fr)]">
        <Rail />
        <div className="min-w-0 max-phone:pb-20">
          <StaleBanner />
          <Outlet />
        </div>
      </div>
      <BottomBar room={room} />
      <Suspense fallback={null}>
        {question?.kind === 'palette' && <Palette room={room} />}
        {question?.kind === 'keys' && <KeyboardHelp />}
        {question?.kind === 'menu' && <Menu />}
        {question?.kind === 'declare' && <DeclareDialog {...question} />}
        {question?.kind === 'contain' && <ContainDialog {...question} />}
        {question?.kind === 'lift' && <LiftDialog hold={question.hold} />}
      </Suspense>
    </ActionsContext>
  );
}
