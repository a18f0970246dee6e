import { type Moves, moves } from '@firebreak/contract/prepare/moves';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { buttonClass } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { useAsk } from '../ask.ts';
import { Page } from '../Page.tsx';
import { Shown } from '../Trouble.tsx';
import { DefineMove } from './DefineMove.tsx';
import { MapMove } from './MapMove.tsx';
import { Mark } from './Part.tsx';
import { PlaybookMove } from './PlaybookMove.tsx';
import { MOVE_TITLES, MOVE_WHY, startLine } from './words.ts';

type Move = Moves['moves'][number];

/** Facts refresh the screen by themselves; interactions are none, so they are asked for while they are waited for. */
const LISTENING_MS = 2_000;
const LOOKING_MS = 15_000;

/** Three moves for a team that has nothing. Where they stand is read from the facts, so anybody can go on, anywhere. */
export function StartPage() {
  const [listening, setListening] = useState(false);
  const asked = useAsk(moves.show, {}, { every: listening ? LISTENING_MS : LOOKING_MS });
  const [chosen, choose] = useState<Move['move'] | null>(null);
  const found = asked.data;
  const waits = found?.entry?.heardAt === null;
  if (found && waits !== listening) setListening(waits);
  const ready = found?.moves.every(({ done }) => done) ?? false;
  return (
    <Page
      title="Start"
      lead={found ? startLine(found) : ' '}
      actions={
        <Link to="/" className={buttonClass()}>
          {ready ? 'To Now' : 'Leave it for now'}
        </Link>
      }
    >
      <Shown of={asked} lines={8}>
        {(it) => {
          const open = chosen ?? it.moves.find(({ done }) => !done)?.move ?? null;
          const bodies: Record<Move['move'], ReactNode> = {
            define: <DefineMove />,
            map: <MapMove found={it} onWired={() => choose('map')} onNext={() => choose('playbook')} />,
            playbook: <PlaybookMove found={it} />,
          };
          return (
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_20rem]">
              <div className="grid min-w-0 gap-3">
                {ready && <Ready />}
                {it.moves.map((move, i) => (
                  <MoveCard
                    key={move.move}
                    move={move}
                    number={i + 1}
                    open={open === move.move}
                    onOpen={() => choose(open === move.move ? null : move.move)}
                  >
                    {bodies[move.move]}
                  </MoveCard>
                ))}
              </div>
              <aside className="min-w-0 max-desk:mt-5">
                <Section title="How this works">
                  <Card>
                    <div className="grid gap-2 text-sm text-ink-2">
                      <p>
                        Each move is made when the record shows it, whoever did it and wherever: here, on its own
                        screen, or from a terminal. Close this and come back, or let a colleague go on.
                      </p>
                      <p>You find it again under Find (Ctrl K), in Settings, and on Now until it is done.</p>
                    </div>
                  </Card>
                </Section>
              </aside>
            </div>
          );
        }}
      </Shown>
    </Page>
  );
}

/** What a made move still says when it is folded. */
const TOLD = ['rubric', 'system', 'owner', 'control', 'heard', 'playbook', 'roles'];

function MoveCard({
  move,
  number,
  open,
  onOpen,
  children,
}: {
  move: Move;
  number: number;
  open: boolean;
  onOpen: () => void;
  children: ReactNode;
}) {
  const lacking = move.items.filter((it) => it.needed && !it.done);
  const id = `move-${move.move}`;
  return (
    <Card flush className={cx(open && 'border-line-strong')}>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={onOpen}
          className="flex w-full items-center gap-3 rounded-lg px-4 py-3 text-left hover:bg-sunken"
        >
          <Mark done={move.done}>{number}</Mark>
          <span className="min-w-0 flex-1">
            <span className="block text-base font-[620]">{MOVE_TITLES[move.move]}</span>
            <span className="block text-xs font-normal text-ink-3">
              {open || (!move.done && lacking.length > 3)
                ? MOVE_WHY[move.move]
                : move.done
                  ? move.items
                      .filter(({ item, done }) => done && TOLD.includes(item))
                      .map(({ says }) => says)
                      .join(' · ')
                  : lacking.map(({ says }) => says).join(' · ')}
            </span>
          </span>
        </button>
      </h2>
      <div id={id} hidden={!open} className="border-t border-line px-4 py-4">
        {open && children}
      </div>
    </Card>
  );
}

function Ready() {
  return (
    <Card className="border-moss-line bg-moss-soft">
      <p className="font-[620]">You can tell an incident, stop a system, and know who does what.</p>
      <p className="mt-1 max-w-[72ch]">
        Next: name who{' '}
        <Link to="/roles" className="prose-link">
          steps in
        </Link>{' '}
        when somebody is away, write down the first{' '}
        <Link to="/risks" className="prose-link">
          risk
        </Link>
        , and bring in the other{' '}
        <Link to="/systems" className="prose-link">
          systems
        </Link>{' '}
        as a file. What is not ready yet stands on{' '}
        <Link to="/" className="prose-link">
          Now
        </Link>
        .
      </p>
    </Card>
  );
}
