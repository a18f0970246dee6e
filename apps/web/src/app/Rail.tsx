import { Link, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  BellRing,
  Boxes,
  ChartLine,
  ChevronRight,
  Ear,
  Fingerprint,
  Flame,
  Gauge,
  Hand,
  Handshake,
  Inbox,
  ListChecks,
  ListTodo,
  type LucideIcon,
  Menu as MenuIcon,
  MessageSquareWarning,
  MessagesSquare,
  Radar,
  Radio,
  Scale,
  ScanEye,
  Search,
  Settings,
  ShieldCheck,
  Stethoscope,
  Swords,
  ToggleLeft,
  TriangleAlert,
  Truck,
  Users,
  Webhook,
} from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { Button } from '../ui/Button.tsx';
import { useActions } from './actions.tsx';
import { useGoToNote } from './note.ts';
import { Brake } from './Page.tsx';
import { useWaiting } from './waiting.ts';

interface Place {
  readonly to:
    | '/'
    | '/candidates'
    | '/incidents'
    | '/systems'
    | '/playbooks'
    | '/severity'
    | '/roles'
    | '/risks'
    | '/policies'
    | '/vendors'
    | '/channels'
    | '/access'
    | '/oversight'
    | '/measures'
    | '/monitors'
    | '/moderators'
    | '/records'
    | '/sources'
    | '/paging'
    | '/quality'
    | '/review'
    | '/held'
    | '/doctor'
    | '/golden-sets'
    | '/probes'
    | '/executors'
    | '/settings';
  readonly name: string;
  readonly icon: LucideIcon;
  readonly keys: string;
  /** Where it stands in the rail; those of the hour stand there by themselves. */
  readonly in?: Group;
}
type Group = 'Detect' | 'Prepare';
const GROUPS: readonly { readonly name: Group; readonly icon: LucideIcon }[] = [
  { name: 'Detect', icon: Radar },
  { name: 'Prepare', icon: ShieldCheck },
];
export const PLACES: readonly Place[] = [
  { to: '/', name: 'Now', icon: Activity, keys: 'g n' },
  { to: '/candidates', name: 'Candidates', icon: Inbox, keys: 'g c' },
  { to: '/incidents', name: 'Incidents', icon: Flame, keys: 'g i' },
  { to: '/held', name: 'Held', icon: Hand, keys: 'g l' },
  { to: '/review', name: 'Review', icon: MessageSquareWarning, keys: 'g f', in: 'Detect' },
  { to: '/records', name: 'Records', icon: MessagesSquare, keys: 'g w', in: 'Detect' },
  { to: '/measures', name: 'Measures', icon: ChartLine, keys: 'g t', in: 'Detect' },
  { to: '/golden-sets', name: 'Golden sets', icon: ListTodo, keys: 'g d', in: 'Detect' },
  { to: '/probes', name: 'Probes', icon: Swords, keys: 'g x', in: 'Detect' },
  { to: '/moderators', name: 'Moderators', icon: ScanEye, keys: 'g b', in: 'Detect' },
  { to: '/monitors', name: 'Monitors', icon: Radio, keys: 'g m', in: 'Detect' },
  { to: '/sources', name: 'Sources', icon: Webhook, keys: 'g o', in: 'Detect' },
  { to: '/paging', name: 'Paging', icon: BellRing, keys: 'g a', in: 'Detect' },
  { to: '/access', name: 'Access', icon: Fingerprint, keys: 'g u', in: 'Detect' },
  { to: '/oversight', name: 'Oversight', icon: Handshake, keys: 'g z', in: 'Detect' },
  { to: '/channels', name: 'Channels', icon: Ear, keys: 'g h', in: 'Detect' },
  { to: '/quality', name: 'Quality', icon: Gauge, keys: 'g q', in: 'Detect' },
  { to: '/systems', name: 'Systems', icon: Boxes, keys: 'g s' },
  { to: '/playbooks', name: 'Playbooks', icon: ListChecks, keys: 'g p', in: 'Prepare' },
  { to: '/roles', name: 'Roles', icon: Users, keys: 'g r', in: 'Prepare' },
  { to: '/doctor', name: 'Doctor', icon: Stethoscope, keys: 'g g', in: 'Prepare' },
  { to: '/executors', name: 'Executors', icon: ToggleLeft, keys: 'g j', in: 'Prepare' },
  { to: '/risks', name: 'Risks', icon: TriangleAlert, keys: 'g k', in: 'Prepare' },
  { to: '/policies', name: 'Policies', icon: Scale, keys: 'g y', in: 'Prepare' },
  { to: '/vendors', name: 'Vendors', icon: Truck, keys: 'g e', in: 'Prepare' },
  { to: '/severity', name: 'Severity', icon: Gauge, keys: 'g v', in: 'Prepare' },
  { to: '/settings', name: 'Settings', icon: Settings, keys: 'g ,' },
];

const ITEM =
  'relative grid w-[4.5rem] justify-items-center gap-1 rounded-md px-0.5 py-2 text-2xs text-ink-3 hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-[600] aria-[current=page]:text-ink data-here:bg-sunken data-here:font-[600] data-here:text-ink';

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <img
      src="/mark.svg"
      alt="Firebreak"
      width={size}
      height={size}
      className="dark:outline dark:outline-line-strong rounded-md"
    />
  );
}

function Count({ children, label }: { children: number; label: string }) {
  if (children === 0) return null;
  return (
    <span className="absolute top-1 right-2.5 grid min-w-4 place-items-center rounded-full bg-ember px-1 text-[0.625rem] leading-4 font-[700] text-ember-ink">
      {children > 99 ? '99+' : children}
      <span className="sr-only"> {label}</span>
    </span>
  );
}

/** Screens that are looked at by day, behind one button, so that those of the night stay in sight. */
function Grouped({ name, icon: Icon, badge }: { name: Group; icon: LucideIcon; badge: ReactNode }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const places = PLACES.filter((place) => place.in === name);
  const here = places.find(({ to }) => path === to || path.startsWith(`${to}/`));
  if (places.length === 0) return null;
  const beside = (button: HTMLElement): void => {
    const { right, top } = button.getBoundingClientRect();
    const most = window.innerHeight - 16 - 44 * (places.length + 1);
    if (list.current)
      Object.assign(list.current.style, { left: `${right + 6}px`, top: `${Math.max(8, Math.min(top, most))}px` });
  };
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className={ITEM}
        aria-current={here ? 'true' : undefined}
        data-here={here ? '' : undefined}
        onClick={(event) => beside(event.currentTarget)}
      >
        <Icon size={19} strokeWidth={1.8} aria-hidden="true" />
        {here?.name ?? name}
        <ChevronRight size={12} aria-hidden="true" className="absolute top-3 right-1 text-ink-3" />
        {here && <span className="sr-only">, {name}</span>}
        {badge}
      </button>
      <div
        id={id}
        ref={list}
        popover="auto"
        className="fixed m-0 w-48 rounded-lg border border-line-strong bg-surface p-1.5 text-ink shadow-lg"
      >
        <p className="px-2.5 pt-1 pb-1.5 text-2xs font-[600] text-ink-3">{name}</p>
        {places.map(({ to, name: label, icon: Sign, keys }) => (
          <Link
            key={to}
            to={to}
            onClick={() => list.current?.hidePopover()}
            className="flex min-h-10 items-center gap-2.5 rounded-md px-2.5 text-sm hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-[640]"
            activeProps={{ 'aria-current': 'page' }}
          >
            <Sign size={17} strokeWidth={1.8} aria-hidden="true" />
            {label}
            <span className="ml-auto text-2xs text-ink-3">{keys}</span>
          </Link>
        ))}
      </div>
    </>
  );
}

/** The way between screens, at the left on anything wider than a phone. */
export function Rail() {
  const { ask } = useActions();
  const waiting = useWaiting();
  const badge: Partial<Record<string, ReactNode>> = {
    '/candidates': <Count label="waiting">{waiting.candidates}</Count>,
    '/review': <Count label="reviews late">{waiting.lateReviews}</Count>,
    '/held': <Count label="held for a person">{waiting.held}</Count>,
    '/incidents': <Count label="open">{waiting.incidents}</Count>,
  };
  return (
    <nav
      aria-label="Main"
      className="print:hidden sticky top-0 flex h-dvh flex-col items-center gap-1 overflow-y-auto border-r border-line bg-surface py-3 max-phone:hidden"
    >
      <Link to="/" className="mb-3" aria-label="Firebreak, to Now">
        <Mark />
      </Link>
      {PLACES.filter((place) => place.in === undefined && place.to !== '/settings').map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/' }}
          className={ITEM}
          activeProps={{ 'aria-current': 'page' }}
        >
          <Icon size={19} strokeWidth={1.8} aria-hidden="true" />
          {name}
          {badge[to]}
        </Link>
      ))}
      {GROUPS.map((group) => (
        <Grouped key={group.name} {...group} badge={group.name === 'Detect' && badge['/review']} />
      ))}
      <div className="flex-1" />
      <button type="button" className={ITEM} onClick={() => ask({ kind: 'palette' })} title="Find anything (Ctrl K)">
        <Search size={19} strokeWidth={1.8} aria-hidden="true" />
        Find
      </button>
      <Link to="/settings" className={ITEM} activeProps={{ 'aria-current': 'page' }}>
        <Settings size={19} strokeWidth={1.8} aria-hidden="true" />
        Settings
      </Link>
    </nav>
  );
}

/** On a phone: the menu, the most likely verb, and the brake under the thumb. */
export function BottomBar({ room, candidate }: { room: string | undefined; candidate: string | undefined }) {
  const { ask } = useActions();
  const note = useGoToNote(room);
  return (
    <div className="print:hidden fixed inset-x-0 bottom-0 z-20 flex gap-2 border-t border-line bg-surface px-3 pt-2.5 pb-[max(0.625rem,env(safe-area-inset-bottom))] phone:hidden">
      <Button size="lg" onClick={() => ask({ kind: 'menu' })} aria-label="Menu" className="px-3.5">
        <MenuIcon size={20} aria-hidden="true" />
      </Button>
      {room ? (
        <Button size="lg" className="flex-1" onClick={note}>
          Note
        </Button>
      ) : (
        <Button size="lg" className="flex-1" onClick={() => ask({ kind: 'declare', ...(candidate && { candidate }) })}>
          Declare
        </Button>
      )}
      <Brake {...(room && { incident: room })} className="min-h-11 flex-[1.4] text-base" />
    </div>
  );
}
