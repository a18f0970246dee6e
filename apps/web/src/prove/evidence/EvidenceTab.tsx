import { evidence } from '@firebreak/contract/prove/evidence';
import { foldContainment } from '@firebreak/core/respond/containment';
import { Download, ShieldCheck } from 'lucide-react';
import { useMemo } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { telemetryWords } from '../../respond/containment/index.ts';
import { useRoom } from '../../respond/war-room/index.ts';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { KeptRecords } from './KeptRecords.tsx';

/** What this incident can prove: preserved evidence, how far the log is sealed, and the bundle a stranger can verify. */
export function EvidenceTab() {
  return (
    <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
      <div className="min-w-0">
        <Preserved />
        <KeptRecords />
        <Bundle />
      </div>
      <aside className="min-w-0">
        <Log />
      </aside>
    </div>
  );
}

function Preserved() {
  const { facts } = useRoom();
  const { manifests } = useMemo(() => foldContainment(facts), [facts]);
  return (
    <Section title="Preserved before a change">
      {manifests.length === 0 ? (
        <Empty title="Nothing was changed yet, so nothing had to be preserved">
          The first order of this incident writes a manifest before itself: which versions ran, what was in force, which
          guards were there, and how far telemetry reached.
        </Empty>
      ) : (
        <Rows label="Manifests">
          {manifests.map((each) => (
            <li key={each.manifest} className="px-4 py-3">
              <p>
                <b className="font-[620]">{each.system}</b> as it was at <Time at={each.takenAt} />
              </p>
              <dl className="mt-1 grid grid-cols-2 gap-x-4 gap-y-1 text-xs phone:grid-cols-4 [&_dd]:text-sm [&_dd]:font-[600] [&_dt]:text-ink-3">
                <div>
                  <dt>Versions</dt>
                  <dd>
                    {each.versions.map((version) => `${version.kind} ${version.version}`).join(', ') || 'none recorded'}
                  </dd>
                </div>
                <div>
                  <dt>Holds in force</dt>
                  <dd>{each.holds.length}</dd>
                </div>
                <div>
                  <dt>Guards</dt>
                  <dd>
                    {each.roster.filter((guard) => guard.live).length} live of {each.roster.length}
                  </dd>
                </div>
                <div>
                  <dt>Telemetry</dt>
                  <dd>{telemetryWords(each.telemetry) || 'none'}</dd>
                </div>
              </dl>
              <p className="mt-1 font-mono text-2xs break-all text-ink-3">{each.digest}</p>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

/** Counted up to 10,000. */
const aroundWords = (around: number): string =>
  around === 1 ? 'one record' : `${around.toLocaleString('en')}${around >= 10_000 ? ' or more' : ''} records`;

function Bundle() {
  const { incident } = useRoom();
  const exports = useMay('evidence.export');
  const summary = useAsk(evidence.summary, { params: { incident: incident.id } }, { every: 10_000 });
  return (
    <Section title="The bundle">
      <Card>
        <Shown of={summary}>
          {(held) => (
            <>
              <p>
                {held.facts.toLocaleString('en')} facts, {held.interactions.toLocaleString('en')} interactions,{' '}
                {held.signals.toLocaleString('en')} signals and {held.manifests}{' '}
                {held.manifests === 1 ? 'manifest' : 'manifests'} belong to this incident
                {held.around > 0 && `, and ${aroundWords(held.around)} around them`}.{' '}
                {held.sealed >= held.facts ? (
                  <Flag tone="moss">all facts sealed</Flag>
                ) : (
                  <Flag tone="amber">
                    {held.sealed} of {held.facts} facts sealed; the rest within seconds
                  </Flag>
                )}
              </p>
              <p className="mt-2 text-ink-2">
                The bundle is one ZIP with every fact, its proof of inclusion and the signed checkpoints. Anybody can
                check it without this server:
              </p>
              <pre className="mt-2 rounded-md bg-sunken px-3 py-2 font-mono text-xs break-all whitespace-pre-wrap">
                npx firebreak evidence verify {incident.label.toLowerCase()}-evidence.zip
              </pre>
              <div className="mt-3">
                {exports ? (
                  <a href={evidence.bundlePath(incident.id)} download className={buttonClass('strong')}>
                    <Download size={16} aria-hidden="true" />
                    Download the bundle
                  </a>
                ) : (
                  <p className="text-xs text-ink-3">Exporting needs the role responder, lead or counsel.</p>
                )}
              </div>
            </>
          )}
        </Shown>
      </Card>
    </Section>
  );
}

function Log() {
  const log = useAsk(evidence.log, {}, { every: 5_000 });
  const verify = useAct(evidence.verify);
  return (
    <Section title="The log">
      <Card>
        <Shown of={log}>
          {(state) => (
            <>
              <Pairs>
                <dt>Facts</dt>
                <dd>{state.facts.toLocaleString('en')}</dd>
                <dt>Sealed</dt>
                <dd>
                  {state.sealed.toLocaleString('en')}
                  {state.sealed < state.facts && (
                    <span className="text-amber"> · {state.facts - state.sealed} wait</span>
                  )}
                </dd>
                <dt>Checkpoint</dt>
                <dd>{state.checkpoint ? <Ago at={state.checkpoint.at} /> : 'none yet'}</dd>
                <dt>Copies go to</dt>
                <dd className="break-all">{state.copies}</dd>
                <dt>Signed as</dt>
                <dd>{state.origin}</dd>
              </Pairs>
              {state.checkpoint && (
                <details className="mt-3 text-xs">
                  <summary className="font-[600]">The signed checkpoint</summary>
                  <pre className="mt-2 rounded-md bg-sunken p-3 font-mono text-2xs break-all whitespace-pre-wrap">
                    {state.checkpoint.note}
                  </pre>
                  <p className="mt-2 text-ink-3">
                    Public key: <span className="font-mono break-all">{state.vkey}</span>
                  </p>
                </details>
              )}
            </>
          )}
        </Shown>
        <div className="mt-4 border-t border-line pt-3">
          <Button busy={verify.isPending} onClick={() => verify.mutate({})}>
            <ShieldCheck size={16} aria-hidden="true" />
            {verify.isPending ? 'Checking …' : 'Check the whole log now'}
          </Button>
          <div aria-live="polite" className="mt-3">
            {verify.data && (
              <Notice
                tone={verify.data.intact ? 'moss' : 'ember'}
                title={verify.data.intact ? 'The log is intact' : 'The log was changed'}
              >
                <p>{verify.data.checked}</p>
                {verify.data.findings.length > 0 && (
                  <ul className="mt-1 list-disc pl-4">
                    {verify.data.findings.map((each) => (
                      <li key={each}>{each}</li>
                    ))}
                  </ul>
                )}
              </Notice>
            )}
            {verify.error && <Trouble error={verify.error} />}
          </div>
        </div>
      </Card>
    </Section>
  );
}
