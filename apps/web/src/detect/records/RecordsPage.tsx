import type { AnswerOf } from '@firebreak/contract';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { InteractionDialog } from './InteractionDialog.tsx';
import { hiddenFilters, type RecordSearch, recordSearch, WITH_WORDS } from './search.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

const route = getRouteApi('/shell/records');
const PAGE = 50;
type Row = AnswerOf<typeof signals.listInteractions>['items'][number];

function Filters({ search, onSearch }: { search: RecordSearch; onSearch: (search: RecordSearch) => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems ?? [];
  const heard = useAsk(signals.telemetryState, {}).data?.systems ?? [];
  const names = [...new Set([...systems.map(({ key }) => key), ...heard.map(({ system }) => system)])].sort();
  const [form, setForm] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)])),
  );
  const field = (name: keyof RecordSearch) => ({
    value: form[name] ?? '',
    onText: (value: string) => setForm({ ...form, [name]: value }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch(recordSearch(form));
  };
  const more = hiddenFilters(search);
  return (
    <search>
      <form onSubmit={submit} className="mb-4 grid gap-3" aria-label="Records">
        <div className="grid items-end gap-3 phone:grid-cols-[14rem_minmax(0,1fr)_auto]">
          <Select
            label="AI system"
            {...field('system')}
            options={[{ value: '', label: 'all' }, ...names.map((key) => ({ value: key, label: key }))]}
          />
          <Input
            label="Words in what was asked, answered, read or called"
            optional
            {...field('text')}
            maxLength={200}
          />
          <Button type="submit" look="strong">
            Search
          </Button>
        </div>
        <details open={more > 0}>
          <summary className="cursor-pointer text-sm text-ink-2">
            Versions, person, tool, evaluation, score{more > 0 && ` (${more} set)`}
          </summary>
          <div className="mt-3 grid gap-3 phone:grid-cols-4">
            <Input label="Prompt version" optional {...field('prompt')} maxLength={200} />
            <Input label="Model" optional {...field('model')} maxLength={200} />
            <Input label="Build of the supplier" optional {...field('fingerprint')} maxLength={200} />
            <Input label="Index version" optional {...field('index')} maxLength={200} />
            <Input label="Tools version or digest" optional {...field('tools')} maxLength={200} />
            <Input label="Person (opaque id)" optional {...field('subject')} maxLength={200} />
            <Input label="Tool that was called" optional {...field('tool')} maxLength={200} />
            <Input label="Signal of detector" optional {...field('detector')} maxLength={200} />
            <Input label="Evaluation" optional {...field('evaluation')} maxLength={200} />
            <Input label="Label of an evaluation" optional {...field('label')} maxLength={200} />
            <Input label="Score of at least" optional type="number" step="any" {...field('score')} />
            <Input label="Score of at most" optional type="number" step="any" {...field('scoreTo')} />
            <Select
              label="Only those"
              {...field('with')}
              options={[
                { value: '', label: 'all' },
                ...Object.entries(WITH_WORDS).map(([value, label]) => ({ value, label })),
              ]}
            />
          </div>
          <p className="mt-2 text-sm text-ink-3">
            A score is looked for in the evaluation or the detector that is named; where none is named, in all of them.
          </p>
        </details>
      </form>
    </search>
  );
}

/** Said where only a part of the traffic is sent, so that nobody takes a count of records for a count of answers. */
function SentShare({ system }: { system: string | undefined }) {
  const rules = useAsk(records.rules, {}).data?.rules ?? [];
  const sampled = useAsk(signals.telemetryState, {}).data?.sampled ?? [];
  const known = new Map<string, string>();
  for (const { system: key, sentShare } of rules)
    if (sentShare !== null && sentShare < 1)
      known.set(key, `${Number((sentShare * 100).toPrecision(3))} %, says its owner`);
  for (const { system: key, share } of sampled)
    known.set(key, `${Number((share * 100).toPrecision(3))} %, say its traces`);
  const shown = [...known].filter(([key]) => system === undefined || key === system).slice(0, 3);
  if (shown.length === 0) return null;
  return (
    <p className="mb-3 text-sm text-ink-2">
      Only a part of the traffic is sent: {shown.map(([key, says]) => `${key} ${says}`).join('; ')}. What is counted
      here is what was sent.
    </p>
  );
}

/** Said where traces came that look like calls of models and could not be read: else an empty list is a riddle. */
function UnreadTraces({ system }: { system: string | undefined }) {
  const unread = useAsk(signals.telemetryState, {}).data?.unread ?? [];
  const shown = unread.filter(({ system: key }) => system === undefined || key === system).slice(0, 3);
  if (shown.length === 0) return null;
  return (
    <div role="note" className="mb-3 rounded-md border border-amber-line bg-amber-soft px-3 py-2 text-sm text-amber">
      {shown.map(({ system: key, spans, names, at }) => (
        <p key={key} className="[overflow-wrap:anywhere]">
          {spans === 1 ? '1 span' : `${spans} spans`} of {key} {spans === 1 ? 'looks like a call' : 'look like calls'}{' '}
          of a model, in names that are not read here ({names.join(', ')}), the last <Ago at={at} />. Nothing was made
          of {spans === 1 ? 'it' : 'them'}: send the <code>gen_ai.*</code> names of OpenTelemetry, or use one of the
          libraries that are read.
        </p>
      ))}
    </div>
  );
}

function RecordRow({ row, onOpen }: { row: Row; onOpen: () => void }) {
  return (
    <li className="px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-xs text-ink-3">
        <Time at={row.at} className="font-mono" />
        <span>
          {row.system}
          {row.feature && ` · ${row.feature}`}
          {row.versions.prompt && ` · prompt ${row.versions.prompt}`}
          {row.versions.model && ` · ${row.versions.model}`}
        </span>
        {row.signals > 0 && <Flag tone="amber">{row.signals === 1 ? '1 signal' : `${row.signals} signals`}</Flag>}
        {row.failed > 0 && (
          <Flag tone="amber">{row.failed === 1 ? '1 failed evaluation' : `${row.failed} failed evaluations`}</Flag>
        )}
        {row.error !== null && <Flag tone="ember">error</Flag>}
        {row.verdict && row.verdict.action !== 'allow' && <Flag tone="blue">{VERDICT_WORDS[row.verdict.action]}</Flag>}
      </p>
      <button type="button" data-row className="mt-0.5 block w-full text-left hover:underline" onClick={onOpen}>
        <span className="line-clamp-2 break-words text-ink-2">{row.question || 'question not captured'}</span>
        <span className="line-clamp-3 break-words">{row.answer ?? 'answer not captured'}</span>
      </button>
    </li>
  );
}

function Found({ search, onOpen }: { search: RecordSearch; onOpen: (id: string) => void }) {
  const [before, setBefore] = useState<readonly string[]>([]);
  const { open: _, ...query } = search;
  const cursor = before.at(-1);
  const found = useAsk(signals.listInteractions, {
    query: { ...query, limit: PAGE, ...(cursor && { before: cursor }) },
  });
  const keys = useListKeys();
  const filtered = Object.keys(query).length > 0;
  return (
    <Shown of={found} lines={8}>
      {({ items, next, readTo }) => (
        <>
          {items.length === 0 ? (
            <Empty title={filtered ? 'Nothing was found' : 'No record has come in'}>
              {filtered
                ? 'Take away a filter, or look further back. What was not captured cannot be found by its words.'
                : 'Send traces, logs or interactions, and every question and answer can be found here.'}
            </Empty>
          ) : (
            <div ref={keys}>
              <Rows label="Records">
                {items.map((row) => (
                  <RecordRow key={row.id} row={row} onOpen={() => onOpen(row.id)} />
                ))}
              </Rows>
            </div>
          )}
          {readTo !== null && (
            <p className="mt-3 text-sm text-ink-2">
              The newest 20,000 records were searched, back to <Ago at={readTo} />. Name a system, a model, a prompt
              version or a time to look further.
            </p>
          )}
          <div className="mt-3 flex gap-2">
            {before.length > 0 && <Button onClick={() => setBefore(before.slice(0, -1))}>Newer</Button>}
            {next !== null && <Button onClick={() => setBefore([...before, next])}>Older</Button>}
          </div>
        </>
      )}
    </Shown>
  );
}

/** Every question and answer that was sent, to be found by words, version, person, tool and score. */
export function RecordsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const go = (to: RecordSearch): void => void navigate({ to: '/records', search: to });
  const { open, ...query } = search;
  const key = JSON.stringify(query);
  return (
    <Page
      title="Records"
      lead="Every question and answer that was sent here, with what was retrieved and which tools were called."
      actions={
        <Link to="/records/rules" className={buttonClass()}>
          How they are kept
        </Link>
      }
    >
      <Filters key={key} search={query} onSearch={go} />
      <SentShare system={query.system} />
      <UnreadTraces system={query.system} />
      <Found key={`found ${key}`} search={query} onOpen={(id) => go({ ...query, open: id })} />
      {open !== undefined && <InteractionDialog id={open} onClose={() => go(query)} />}
    </Page>
  );
}
