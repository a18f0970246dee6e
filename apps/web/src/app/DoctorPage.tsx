import { channels } from '@firebreak/contract/detect/channels';
import { containment } from '@firebreak/contract/respond/containment';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { executors } from '@firebreak/contract/respond/executors';
import {
  examine,
  type Surface,
  type SurfaceVerdict,
  type SystemHealth,
  surfaceWord,
} from '@firebreak/core/respond/containment';
import { Link } from '@tanstack/react-router';
import { Empty, Rows } from '../ui/Card.tsx';
import { Flag, type Tone } from '../ui/Marks.tsx';
import { useAsk } from './ask.ts';
import { Page } from './Page.tsx';
import { Shown } from './Trouble.tsx';

const TONES: Readonly<Record<SurfaceVerdict, Tone>> = {
  not: 'ember',
  silent: 'ember',
  old: 'amber',
  unproven: 'amber',
  stops: 'moss',
};
const WOULD: Readonly<Record<SystemHealth['wouldStop'], { readonly word: string; readonly tone: Tone }>> = {
  yes: { word: 'would stop', tone: 'moss' },
  partly: { word: 'would stop in part', tone: 'amber' },
  no: { word: 'would not stop', tone: 'ember' },
};
const EVERY = { every: 15_000 };

/** Where whatever would not stop is put right; nothing where it would. */
function Mend({ surface: { kind, verdict }, system }: { surface: Surface; system: string }) {
  if (verdict === 'stops') return null;
  const look = 'prose-link max-phone:inline-flex max-phone:min-h-11 max-phone:items-center';
  if (kind === 'executor')
    return (
      <Link to="/executors" className={look}>
        Rehearse it
      </Link>
    );
  if (kind === 'channel')
    return (
      <Link to="/channels" className={look}>
        See what is heard
      </Link>
    );
  if (kind === 'missing' || kind === 'control')
    return (
      <Link to="/systems/$system" params={{ system }} className={look}>
        {kind === 'missing' ? 'Set it up' : 'Test it'}
      </Link>
    );
  return null;
}

function SystemRow({ health: { system, name, surfaces, wouldStop } }: { health: SystemHealth }) {
  const { word, tone } = WOULD[wouldStop];
  return (
    <li className="px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <Link to="/systems/$system" params={{ system }} className="prose-link font-[600]">
          {name}
        </Link>
        <Flag tone={tone}>{word}</Flag>
      </p>
      <ul className="mt-2 grid gap-1.5">
        {surfaces.map((surface) => (
          <li
            key={`${surface.kind} ${surface.name} ${surface.says}`}
            className="grid gap-x-3 text-sm desk:grid-cols-[9rem_14rem_minmax(0,1fr)]"
          >
            <span>
              <Flag tone={TONES[surface.verdict]}>{surfaceWord(surface)}</Flag>
            </span>
            <span className="min-w-0 break-words">
              {surface.name} <span className="text-xs text-ink-3">{surface.kind !== 'missing' && surface.kind}</span>
            </span>
            <span className="min-w-0 break-words text-ink-2">
              {surface.says} <Mend surface={surface} system={system} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** What would stop at an order now, what would not, and what nobody has tried. */
export function DoctorPage() {
  const coverage = useAsk(controlCoverage.show, { query: {} }, EVERY);
  const roster = useAsk(containment.roster, { query: { limit: 2_000 } }, EVERY);
  const switches = useAsk(executors.list, { query: {} }, EVERY);
  const heard = useAsk(channels.coverage, { query: {} }, EVERY);
  return (
    <Page
      title="Doctor"
      lead="If somebody pulled the brake now: what would stop, what would not, and what nobody has tried."
    >
      <Shown of={[coverage, roster, switches, heard].find((each) => each.data === undefined) ?? coverage}>
        {() => {
          const systems = examine({
            systems: coverage.data?.systems ?? [],
            instances: roster.data?.instances ?? [],
            executors: switches.data?.executors ?? [],
            channels: heard.data?.systems ?? [],
          });
          const sure = systems.filter(({ wouldStop }) => wouldStop === 'yes').length;
          return systems.length === 0 ? (
            <Empty title="No system is registered">
              Register one under Systems: what is not known cannot be stopped.
            </Empty>
          ) : (
            <>
              <p className="mb-3 text-sm text-ink-2">
                {systems.length === 1
                  ? `The one system would ${sure === 1 ? '' : 'not '}stop altogether`
                  : `${sure} of ${systems.length} systems would stop altogether`}
                , as far as is known.
              </p>
              <Rows label="Systems">
                {systems.map((health) => (
                  <SystemRow key={health.system} health={health} />
                ))}
              </Rows>
            </>
          );
        }}
      </Shown>
    </Page>
  );
}
