import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { KeyRound } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { Ago } from '../../ui/Time.tsx';
import { useAct, useAsk } from '../ask.ts';
import { useMay } from '../session.tsx';
import { Trouble } from '../Trouble.tsx';
import { Snippet } from './Snippet.tsx';
import { snippetsFor } from './snippets.ts';

/** What to copy into the program, and whether it is heard: said the moment the first interaction comes in. */
export function Listening({ system, heardAt }: { system: AiSystem; heardAt: string | null }) {
  const administers = useMay('people.administer');
  const roster = useAsk(containment.roster, { query: { system: system.key, limit: 500 } }, { every: 3_000 });
  const live = roster.data?.instances.filter((each) => each.live).length ?? 0;
  const create = useAct(people.createKey, { refreshes: ['/api/v1/keys'] });
  const key = create.data?.secret ?? null;
  const snippets = snippetsFor({
    logging: system.logging,
    url: location.origin,
    system: system.key,
    feature: system.features[0]?.key ?? null,
    key,
  });
  const needsKey = system.logging !== 'gateway';
  return (
    <div className="grid gap-4">
      <div
        role="status"
        className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-line px-3 py-2"
      >
        {heardAt === null ? (
          <>
            <span aria-hidden="true" className="size-2.5 animate-pulse rounded-full bg-amber" />
            <span className="font-[600]">Listening for the first interaction …</span>
            <span className="text-xs text-ink-3">Go on meanwhile: the move is made without it.</span>
          </>
        ) : (
          <>
            <span aria-hidden="true" className="size-2.5 rounded-full bg-moss" />
            <span className="font-[600]">Heard the first interaction</span>
            <span className="text-xs text-ink-3">
              last heard <Ago at={heardAt} />
            </span>
          </>
        )}
        {live > 0 && (
          <span className="ml-auto text-xs text-ink-2">
            {live === 1 ? '1 guard connected' : `${live} guards connected`}
          </span>
        )}
      </div>
      {system.logging === 'elsewhere' || system.logging === 'none' ? (
        <p className="max-w-[72ch] text-ink-2">
          While {system.name} {system.logging === 'none' ? 'keeps no log' : 'keeps its logs to itself'}, nobody is told
          when it fails. One call is enough to begin with:
        </p>
      ) : null}
      {needsKey && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {key !== null ? (
            <p className="text-ink-2">
              The key stands in the snippets below. It is shown only now: copy them, or make another later.
            </p>
          ) : administers ? (
            <>
              <Button
                size="sm"
                busy={create.isPending}
                onClick={() =>
                  create.mutate({
                    body: { name: `${system.key}: guard and telemetry`, scopes: ['guard', 'telemetry:write'] },
                  })
                }
              >
                <KeyRound size={14} aria-hidden="true" />
                Make a key for it
              </Button>
              <span className="text-xs text-ink-3">Lets it send interactions and obey orders, nothing else.</span>
            </>
          ) : (
            <p className="text-xs text-ink-3">
              An administrator makes the key, under Settings, with the scopes guard and telemetry:write.
            </p>
          )}
          {create.error && <Trouble error={create.error} />}
        </div>
      )}
      {snippets.map((snippet) => (
        <Snippet key={snippet.title} {...snippet} />
      ))}
    </div>
  );
}
