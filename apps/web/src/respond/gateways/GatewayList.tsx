import { type GatewayRow, type GatewayUpstream, gateways } from '@firebreak/contract/respond/gateways';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Ago } from '../../ui/Time.tsx';
import { clientWords, healthWords, recordWords, sourceWords } from './words.ts';

/** Gateways: where they send, how well that is, and which keys they hold by name. `system`: routes that serve it. */
export function GatewayList({ system }: { system?: string }) {
  const list = useAsk(gateways.list, {}, { every: 5_000 });
  return (
    <Section title="Gateways">
      <Shown of={list}>
        {({ gateways: all }) =>
          all.length === 0 ? (
            <Empty title="No gateway has reported">
              One starts with the server. Another runs as its own process:{' '}
              <code className="font-mono text-xs">firebreak gateway --config gateway.json</code>
            </Empty>
          ) : (
            <div className="grid gap-3">
              {all.map((each) => (
                <Gateway key={each.instance} gateway={each} system={system} />
              ))}
            </div>
          )
        }
      </Shown>
    </Section>
  );
}

function Gateway({ gateway, system }: { gateway: GatewayRow; system: string | undefined }) {
  const routes = gateway.routes.filter((route) => system === undefined || (route.system ?? system) === system);
  const upstreamOf = new Map(gateway.upstreams.map((each) => [each.name, each]));
  const dropped = (gateway.recorder?.dropped ?? 0) + (gateway.recorder?.refused ?? 0);
  return (
    <section
      className="rounded-lg border border-line bg-surface"
      aria-label={`Gateway ${gateway.instance}`}
      data-gateway={gateway.instance}
    >
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1 basis-56">
          <p className="truncate font-[600]">{gateway.instance}</p>
          <p className="text-xs text-ink-3">
            <span className="font-mono">{gateway.address}</span> · {sourceWords(gateway.source)}, taken{' '}
            <Ago at={gateway.loadedAt} />
          </p>
        </div>
        <p className="text-xs text-ink-2 tabular-nums">
          {gateway.requests.toLocaleString('en')} requests · {gateway.running} running
          {gateway.refused > 0 && ` · ${gateway.refused} turned away`}
        </p>
        {gateway.live ? <Flag tone="moss">live</Flag> : <Flag tone="amber">silent</Flag>}
        {!gateway.live && (
          <p className="text-xs text-ink-3">
            last heard <Ago at={gateway.heardAt} />
          </p>
        )}
      </header>
      {gateway.fault !== null && (
        <div className="border-b border-line px-4 py-3">
          <Notice tone="amber">
            The newest setup was refused, and the one before it stays:{' '}
            <span className="whitespace-pre-wrap break-words font-mono text-xs">{gateway.fault}</span>
          </Notice>
        </div>
      )}
      {dropped > 0 && (
        <p className="border-b border-line px-4 py-2 text-xs text-amber">
          {dropped.toLocaleString('en')} records were lost or not accepted: what passed then is not on record.
        </p>
      )}
      {routes.length === 0 ? (
        <p className="px-4 py-3 text-ink-3">No route of this gateway serves this system alone.</p>
      ) : (
        <Rows label={`Routes of ${gateway.instance}`} className="rounded-none border-0">
          {routes.map((route) => (
            <li key={route.name} className="grid gap-x-4 gap-y-1.5 px-4 py-3 desk:grid-cols-[13rem_minmax(0,1fr)]">
              <div className="min-w-0">
                <p className="font-mono text-sm">/{route.name}</p>
                <p className="text-xs text-ink-3">
                  {clientWords(route.clients)} · {recordWords(route.record)}
                  {route.system !== null && ` · ${route.system}${route.feature === null ? '' : `, ${route.feature}`}`}
                </p>
              </div>
              <ol className="min-w-0" aria-label={`Upstreams of ${route.name}, in order`}>
                {route.upstreams.map((name) => {
                  const upstream = upstreamOf.get(name);
                  return upstream && <Upstream key={name} upstream={upstream} />;
                })}
              </ol>
            </li>
          ))}
        </Rows>
      )}
      <Clients gateway={gateway} />
    </section>
  );
}

const TONES = { well: 'moss', 'half-open': 'amber', out: 'ember' } as const;

function Upstream({ upstream }: { upstream: GatewayUpstream }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1 py-0.5">
      <span className="font-[600]">{upstream.name}</span>
      <Flag tone={TONES[upstream.state]}>{healthWords(upstream)}</Flag>
      <span className="text-xs text-ink-2 tabular-nums">
        {upstream.requests.toLocaleString('en')} sent, {upstream.failed.toLocaleString('en')} failed
      </span>
      <span className="min-w-0 break-all font-mono text-xs text-ink-3">{upstream.address}</span>
      {upstream.credential !== null && (
        <span className="text-xs text-ink-3">
          holds <span className="font-[600] text-ink-2">{upstream.credential}</span>
          {upstream.lastSentAt === null ? (
            ', never used'
          ) : (
            <>
              , used <Ago at={upstream.lastSentAt} />
            </>
          )}
        </span>
      )}
      {upstream.lastFailure !== null && upstream.lastFailureAt !== null && (
        <span className="text-xs text-ink-3">
          last failure: {upstream.lastFailure} <Ago at={upstream.lastFailureAt} />
        </span>
      )}
    </li>
  );
}

function Clients({ gateway: { clients, adapters } }: { gateway: GatewayRow }) {
  if (clients.length === 0 && adapters.length === 0) return null;
  return (
    <details className="border-t border-line px-4 py-2.5 text-sm">
      <summary className="cursor-pointer text-xs text-ink-2">
        {clients.length === 1 ? '1 client key' : `${clients.length} client keys`}
        {adapters.length > 0 && ` · answers ${adapters.join(', ')}`}
      </summary>
      <ul className="mt-1.5 columns-1 gap-6 desk:columns-2">
        {clients.map((each) => (
          <li key={each.name} className="break-inside-avoid py-0.5 text-xs text-ink-3">
            <span className="font-[600] text-ink-2">{each.name}</span>{' '}
            {each.lastUsedAt === null ? (
              'not used since the gateway started'
            ) : (
              <>
                used <Ago at={each.lastUsedAt} />
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
