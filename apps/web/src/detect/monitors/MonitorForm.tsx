import { type Monitor, type MonitorTrial, monitors } from '@firebreak/contract/detect/monitors';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { vendors } from '@firebreak/contract/prepare/vendors';
import { MONITOR_KINDS, type MonitorKind } from '@firebreak/core/detect/monitors';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { JudgedRows } from './JudgedRows.tsx';
import { KIND_HINTS, KIND_WORDS, pairsIn, sayPairs, wordsIn } from './words.ts';

const NO_PATHS = { items: '', id: '', title: '', url: '', text: '', at: '' };
const PATH_WORDS = {
  items: 'The list',
  id: 'Id of an entry',
  title: 'Title',
  url: 'Address',
  text: 'Text',
  at: 'Time',
} as const;

function Found({ trial }: { trial: MonitorTrial }) {
  const kept = trial.items.filter((item) => item.kept).length;
  if (trial.fault !== null)
    return (
      <Notice tone="amber" title="It could not be read" live>
        {trial.fault}
        <p className="mt-1 text-xs break-all text-ink-2">Asked: {trial.looksAt}</p>
      </Notice>
    );
  return (
    <section aria-label="What would be found">
      <p className="mb-2" role="status">
        <span className="font-[640]">
          {trial.items.length === 0
            ? 'It answers, and tells of nothing at the moment.'
            : `${kept} of ${trial.items.length} would be kept`}
        </span>
        {trial.items.length > 0 &&
          (trial.wouldTell.length === 0
            ? ', and nobody would be told: no system depends on it.'
            : `, as signals of ${trial.wouldTell.join(', ')}.`)}
      </p>
      {trial.items.length > 0 && (
        <div className="max-h-72 overflow-y-auto">
          <JudgedRows
            items={trial.items.toSorted((a, b) => Number(b.kept) - Number(a.kept)).slice(0, 50)}
            label="What would be found"
          />
        </div>
      )}
    </section>
  );
}

/** What to watch, for which words, and a look at what that would find. */
export function MonitorForm({ monitor, onClose }: { monitor?: Monitor; onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const suppliers = useAsk(vendors.list, { query: {} }).data?.vendors ?? [];
  const [name, setName] = useState(monitor?.name ?? '');
  const [kind, setKind] = useState<MonitorKind>(monitor?.kind ?? 'hacker-news');
  const [address, setAddress] = useState(monitor?.address ?? '');
  const [system, setSystem] = useState(monitor?.system ?? '');
  const [vendor, setVendor] = useState<string>(monitor?.vendor ?? '');
  const [brand, setBrand] = useState(monitor?.keywords.brand.join(', ') ?? '');
  const [must, setMust] = useState(monitor?.keywords.must.join(', ') ?? '');
  const [any, setAny] = useState(monitor?.keywords.any.join(', ') ?? '');
  const [not, setNot] = useState(monitor?.keywords.not.join(', ') ?? '');
  const [near, setNear] = useState(monitor ? sayPairs(monitor.keywords.near) : '');
  const [threshold, setThreshold] = useState(String(monitor?.threshold ?? 0.6));
  const [every, setEvery] = useState(String(monitor?.everyMinutes ?? 15));
  const [paths, setPaths] = useState(monitor?.paths ?? NO_PATHS);
  const [pages, setPages] = useState(monitor?.pages ?? false);
  const [trial, setTrial] = useState<MonitorTrial | null>(null);
  const then = { refreshes: ['/api/v1/monitors', '/api/v1/coverage'], done: onClose };
  const add = useAct(monitors.add, then);
  const describe = useAct(monitors.describe, then);
  const test = useAct(monitors.test, { done: (answer) => setTrial(answer.trial) });
  const saving = monitor ? describe : add;
  const failed = saving.error ?? test.error;
  const fields = failed ? tell(failed).fields : {};
  const status = kind === 'status-page';
  const body = {
    name: name.trim() || KIND_WORDS[kind],
    kind,
    address: address.trim(),
    system: system || null,
    vendor: status && vendor ? (vendor as `vnd_${string}`) : null,
    keywords: {
      brand: wordsIn(brand),
      must: wordsIn(must),
      any: wordsIn(any),
      not: wordsIn(not),
      near: pairsIn(near),
    },
    threshold: Number(threshold),
    everyMinutes: Number(every),
    paths: kind === 'json' ? paths : null,
    pages,
  };
  const chooseVendor = (id: string): void => {
    setVendor(id);
    const page = suppliers.find((each) => each.id === id)?.statusPage;
    if (page && address === '') setAddress(`${page.replace(/\/+$/, '')}/api/v2/summary.json`);
  };
  return (
    <Dialog
      title={monitor ? `Change ${monitor.name}` : 'Watch a source'}
      about="It is asked politely, every few minutes. What fits becomes a signal; what does not stays visible with the reason."
      onClose={onClose}
      width="wide"
      onSubmit={() => (monitor ? describe.mutate({ params: { monitor: monitor.id }, body }) : add.mutate({ body }))}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button busy={test.isPending} onClick={() => test.mutate({ body })}>
            Test run
          </Button>
          <Button type="submit" look="strong" busy={saving.isPending}>
            {monitor ? 'Save' : 'Start watching'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="Source"
            value={kind}
            onText={(value) => setKind(value as MonitorKind)}
            options={MONITOR_KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))}
          />
          <Input label="Name" optional value={name} onText={setName} maxLength={200} placeholder={KIND_WORDS[kind]} />
        </div>
        <div className="grid gap-4 phone:grid-cols-2">
          {status && (
            <Select
              label="Vendor"
              hint="Its incidents become signals of every system that depends on it."
              value={vendor}
              onText={chooseVendor}
              options={[{ value: '', label: 'none' }, ...suppliers.map((it) => ({ value: it.id, label: it.name }))]}
              error={fields.vendor}
            />
          )}
          <Select
            label="AI system it is about"
            optional={status}
            value={system}
            onText={setSystem}
            options={[{ value: '', label: 'none' }, ...systems.map((it) => ({ value: it.key, label: it.name }))]}
            error={fields.system}
          />
        </div>
        <Input
          label="Address"
          optional={['hacker-news', 'reddit', 'incident-database'].includes(kind)}
          hint={KIND_HINTS[kind]}
          value={address}
          onText={setAddress}
          inputMode="url"
          maxLength={1000}
          error={fields.address}
        />
        <Input
          label="Names of the product or brand"
          optional={status}
          hint="With commas between. One of them must stand there, beside a word of failure."
          value={brand}
          onText={setBrand}
          error={fields['keywords/brand']}
        />
        <Check
          label="What it finds pages alone"
          hint={
            status
              ? 'What the vendor calls major or critical. Otherwise it only counts beside what else is noticed.'
              : 'Otherwise it only counts beside what else is noticed.'
          }
          checked={pages}
          onCheck={setPages}
        />
        <details>
          <summary className="cursor-pointer text-sm text-ink-2">More about words, how often, how strict</summary>
          <div className="mt-3 grid gap-4 phone:grid-cols-2">
            <Input label="All of these" optional value={must} onText={setMust} />
            <Input label="At least one of these" optional value={any} onText={setAny} />
            <Input label="None of these" optional value={not} onText={setNot} />
            <TextArea
              label="Two words close together"
              optional
              rows={2}
              hint="One pair a line: refund, policy, 8 means within eight words."
              value={near}
              onText={setNear}
            />
            <Input label="Every so many minutes" type="number" min={5} max={1440} value={every} onText={setEvery} />
            <Select
              label="How strict"
              value={threshold}
              onText={setThreshold}
              options={[
                ...(['0.5', '0.6', '0.8'].includes(threshold) ? [] : [{ value: threshold, label: threshold }]),
                { value: '0.5', label: 'Loose: a name and a failure (0.5)' },
                { value: '0.6', label: 'Usual: and AI, or in the title (0.6)' },
                { value: '0.8', label: 'Strict: most of it in the title (0.8)' },
              ]}
            />
          </div>
        </details>
        {kind === 'json' && (
          <fieldset>
            <legend className="text-sm font-[600]">Where things stand in the JSON</legend>
            <p className="mb-2 text-xs text-ink-3">Member names with dots between: data.posts, author.name, tags.0.</p>
            <div className="grid gap-3 phone:grid-cols-3">
              {(Object.keys(PATH_WORDS) as (keyof typeof PATH_WORDS)[]).map((key) => (
                <Input
                  key={key}
                  label={PATH_WORDS[key]}
                  optional={key !== 'id' && key !== 'title'}
                  value={paths[key]}
                  onText={(value) => setPaths({ ...paths, [key]: value })}
                  error={key === 'id' ? fields.paths : undefined}
                />
              ))}
            </div>
          </fieldset>
        )}
        {failed && <Trouble error={failed} />}
        {trial && <Found trial={trial} />}
      </div>
    </Dialog>
  );
}
