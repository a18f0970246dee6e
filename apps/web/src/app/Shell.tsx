import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Skeleton } from '../ui/Card.tsx';
import { Announcer } from './Announcer.tsx';
import { ActionsContext, type Question } from './actions.tsx';
import { isSignedOut } from './api.ts';
import { onSignedOut } from './ask.ts';
import { followFacts } from './follow.ts';
import { onStale } from './fresh.ts';
import { useKeys } from './keys.ts';
import { stayLive } from './live.ts';
import { BottomBar, Rail } from './Rail.tsx';
import { StaleBanner } from './StaleBanner.tsx';
import { useMe } from './session.tsx';
import { Trouble } from './Trouble.tsx';
import { useUnanswered } from './waiting.ts';

const parts = {
  palette: () => import('./Palette.tsx').then((m) => ({ default: m.Palette })),
  keys: () => import('./KeyboardHelp.tsx').then((m) => ({ default: m.KeyboardHelp })),
  menu: () => import('./Menu.tsx').then((m) => ({ default: m.Menu })),
  declare: () => import('../respond/incidents/DeclareDialog.tsx').then((m) => ({ default: m.DeclareDialog })),
  contain: () => import('../respond/containment/ContainDialog.tsx').then((m) => ({ default: m.ContainDialog })),
  lift: () => import('../respond/containment/LiftDialog.tsx').then((m) => ({ default: m.LiftDialog })),
  restore: () => import('../respond/restoration/RestoreDialog.tsx').then((m) => ({ default: m.RestoreDialog })),
  paged: () => import('../detect/paging/PagedBanner.tsx').then((m) => ({ default: m.PagedBanner })),
  extend: () => import('../respond/containment/ExtendDialog.tsx').then((m) => ({ default: m.ExtendDialog })),
  glass: () => import('../respond/break-glass/BreakGlassDialog.tsx').then((m) => ({ default: m.BreakGlassDialog })),
  fresh: () => import('../prepare/people/FreshDialog.tsx').then((m) => ({ default: m.FreshDialog })),
};
const Palette = lazy(parts.palette);
const KeyboardHelp = lazy(parts.keys);
const Menu = lazy(parts.menu);
const DeclareDialog = lazy(parts.declare);
const ContainDialog = lazy(parts.contain);
const LiftDialog = lazy(parts.lift);
const RestoreDialog = lazy(parts.restore);
const ExtendDialog = lazy(parts.extend);
const BreakGlassDialog = lazy(parts.glass);
const FreshDialog = lazy(parts.fresh);
const PagedBanner = lazy(parts.paged);

/** Right after the first screen: the brake must answer at once, and also when the wire is cut a minute later. */
const FETCH_PARTS_MS = 300;
async function fetchParts(): Promise<void> {
  for (const part of [
    parts.contain,
    parts.fresh,
    parts.palette,
    parts.declare,
    parts.lift,
    parts.extend,
    parts.menu,
    parts.keys,
  ])
    await part().catch(() => undefined);
}

function useParamHere(name: 'incident' | 'candidate'): string | undefined {
  return useRouterState({
    select: (state) => (state.matches.at(-1)?.params as Record<string, string | undefined>)?.[name],
  });
}

/** Everything around the screens of somebody who is signed in. */
export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const [question, ask] = useState<Question | null>(null);
  const close = useCallback(() => ask(null), []);
  const actions = useMemo(() => ({ ask, close }), [close]);
  const room = useParamHere('incident');
  const candidate = useParamHere('candidate');
  const leaving = useRef(false);
  const signIn = useCallback(() => {
    // Many answers say "signed out" at once; the first one decides, and where the person was is not lost on the way.
    if (leaving.current) return;
    leaving.current = true;
    const here = `${location.pathname}${location.search}`;
    void navigate({ to: '/sign-in', search: here === '/' ? {} : { next: here } });
  }, [navigate]);
  useEffect(() => onSignedOut(signIn), [signIn]);
  const [stale, setStale] = useState<{ readonly why: string; readonly done: (given: boolean) => void } | null>(null);
  useEffect(
    () =>
      onStale(
        (why) =>
          new Promise((resolve) =>
            setStale((before) => {
              // One question at a time; who asks meanwhile is answered by the same password.
              const done = (given: boolean) => {
                before?.done(given);
                setStale(null);
                resolve(given);
              };
              return { why, done };
            }),
          ),
      ),
    [],
  );

  const signedIn = me.data !== undefined;
  const unanswered = useUnanswered();
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

  useEffect(() => {
    const timer = setTimeout(() => void fetchParts(), FETCH_PARTS_MS);
    return () => clearTimeout(timer);
  }, []);

  useKeys({
    'mod+k': () => ask({ kind: 'palette' }),
    '/': () => ask({ kind: 'palette' }),
    '?': () => ask({ kind: 'keys' }),
    c: () => ask({ kind: 'contain', ...(room && { incident: room }) }),
    d: () => ask({ kind: 'declare', ...(candidate && { candidate }) }),
    'g n': () => void navigate({ to: '/' }),
    'g c': () => void navigate({ to: '/candidates' }),
    'g i': () => void navigate({ to: '/incidents' }),
    'g l': () => void navigate({ to: '/held' }),
    'g f': () => void navigate({ to: '/review' }),
    'g h': () => void navigate({ to: '/channels' }),
    'g u': () => void navigate({ to: '/access' }),
    'g z': () => void navigate({ to: '/oversight' }),
    'g t': () => void navigate({ to: '/measures' }),
    'g m': () => void navigate({ to: '/monitors' }),
    'g d': () => void navigate({ to: '/golden-sets' }),
    'g x': () => void navigate({ to: '/probes' }),
    'g w': () => void navigate({ to: '/records' }),
    'g b': () => void navigate({ to: '/moderators' }),
    'g s': () => void navigate({ to: '/systems' }),
    'g p': () => void navigate({ to: '/playbooks' }),
    'g r': () => void navigate({ to: '/roles' }),
    'g g': () => void navigate({ to: '/doctor' }),
    'g j': () => void navigate({ to: '/executors' }),
    'g k': () => void navigate({ to: '/risks' }),
    'g y': () => void navigate({ to: '/policies' }),
    'g e': () => void navigate({ to: '/vendors' }),
    'g q': () => void navigate({ to: '/quality' }),
    'g a': () => void navigate({ to: '/paging' }),
    'g o': () => void navigate({ to: '/sources' }),
    'g v': () => void navigate({ to: '/severity' }),
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
      <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] phone:grid-cols-[5.25rem_minmax(0,1fr)] print:block">
        <Rail />
        <div className="min-w-0 max-phone:pb-20">
          <StaleBanner />
          {unanswered.length > 0 && (
            <Suspense fallback={null}>
              <PagedBanner unanswered={unanswered} />
            </Suspense>
          )}
          {signedIn ? (
            <Outlet />
          ) : (
            <main id="main" className="p-6">
              {me.error && !isSignedOut(me.error) ? (
                <Trouble error={me.error} again={() => void me.refetch()} />
              ) : (
                <Skeleton lines={5} />
              )}
            </main>
          )}
        </div>
      </div>
      <Announcer />
      <BottomBar room={room} candidate={candidate} />
      {/* While a question is on its way, keys typed ahead must not act on the screen behind it. */}
      {question && <span hidden data-asking />}
      <Suspense fallback={null}>
        {question?.kind === 'palette' && <Palette room={room} />}
        {question?.kind === 'keys' && <KeyboardHelp />}
        {question?.kind === 'menu' && <Menu />}
        {question?.kind === 'declare' && <DeclareDialog {...question} />}
        {question?.kind === 'contain' && <ContainDialog {...question} />}
        {question?.kind === 'lift' && <LiftDialog hold={question.hold} />}
        {question?.kind === 'restore' && <RestoreDialog hold={question.hold} />}
        {question?.kind === 'extend' && <ExtendDialog hold={question.hold} />}
        {question?.kind === 'break-glass' && <BreakGlassDialog hold={question.hold} />}
        {stale && <FreshDialog why={stale.why} onDone={stale.done} />}
      </Suspense>
    </ActionsContext>
  );
}
