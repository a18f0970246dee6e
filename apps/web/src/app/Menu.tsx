import { Link } from '@tanstack/react-router';
import { Keyboard, Megaphone, Search } from 'lucide-react';
import { Dialog } from '../ui/Dialog.tsx';
import { useActions } from './actions.tsx';
import { PLACES } from './Rail.tsx';

const ROW =
  'flex min-h-12 w-full items-center gap-3 rounded-md px-2 text-base hover:bg-sunken aria-[current=page]:font-[640]';

/** All screens, for a phone. */
export function Menu() {
  const { ask, close } = useActions();
  return (
    <Dialog title="Firebreak" onClose={close} width="narrow">
      <nav aria-label="Screens" className="grid gap-1">
        {PLACES.map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            onClick={close}
            className={ROW}
            activeOptions={{ exact: to === '/' }}
            activeProps={{ 'aria-current': 'page' }}
          >
            <Icon size={20} strokeWidth={1.8} aria-hidden="true" />
            {name}
          </Link>
        ))}
        <a href="/report" className={ROW}>
          <Megaphone size={20} strokeWidth={1.8} aria-hidden="true" />
          Report a failure
        </a>
        <button type="button" className={ROW} onClick={() => ask({ kind: 'palette' })}>
          <Search size={20} strokeWidth={1.8} aria-hidden="true" />
          Find anything
        </button>
        <button type="button" className={ROW} onClick={() => ask({ kind: 'keys' })}>
          <Keyboard size={20} strokeWidth={1.8} aria-hidden="true" />
          Keyboard
        </button>
      </nav>
    </Dialog>
  );
}
