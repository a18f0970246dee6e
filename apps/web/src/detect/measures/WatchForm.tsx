import type { MeasureRow } from '@firebreak/contract/detect/measures';
import { type MeasureWatch, type WatchTrial, watches } from '@firebreak/contract/detect/watches';
import { ASPECTS, RULES_OF } from '@firebreak/core/detect/measures';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Choice, Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { valueText, wrongText } from './words.ts';

type Rule = MeasureWatch['rule'];
type Kind = Rule['kind'];

const KIND_WORDS: Readonly<Record<Kind, { label: string; hint: string }>> = {
  rate: {
    label: 'Moves from what is usual',
    hint: 'Learns the usual rate, then tells as soon as the numbers speak against it.',
  },
  limit: {
    label: 'Passes a limit',
    hint: 'A percentile or a rate beyond a number you set; several limits may have severities.',
  },
  season: {
    label: 'Strange for this hour',
    hint: 'Against the last month, the time of day and the weekday. Finds much, promises little.',
  },
  mean: { label: 'Mean moves', hint: 'A small move that lasts, by a cumulative sum.' },
  budget: { label: 'Passes a budget', hint: 'A hard limit of what adds up in an hour or a day. Never wrong.' },
  shape: { label: 'Spread otherwise', hint: 'Each 200 observations against what is usual.' },
};
const ASPECT_WORDS = {
  rate: 'the rate',
  mean: 'the mean',
  sum: 'the sum',
  p50: 'the median',
  p90: 'the 90th percentile',
  p99: 'the 99th percentile',
};

interface Draft {
  kind: Kind;
  side: 'up' | 'down';
  p0: string;
  p1: string;
  days: string;
  share: string;
  below: boolean;
  limits: string;
  aspect: (typeof ASPECTS)[number];
  limit: string;
  per: 'hour' | 'day';
}

const USUAL: Omit<Draft, 'kind' | 'aspect'> = {
  side: 'up',
  p0: '',
  p1: '',
  days: '30',
  share: '90',
  below: false,
  limits: '',
  limit: '',
  per: 'day',
};

function draftOf(measure: MeasureRow, rule: Rule | null): Draft {
  const kind = rule?.kind ?? RULES_OF[measure.kind][0]!;
  const scale = measure.kind === 'rate' ? 100 : 1;
  const draft: Draft = {
    ...USUAL,
    kind,
    aspect:
      measure.kind === 'rate' ? 'rate' : measure.kind === 'spread' ? 'p90' : measure.kind === 'count' ? 'sum' : 'mean',
  };
  if (rule === null) return draft;
  if ('everyDays' in rule) draft.days = String(rule.everyDays);
  if ('aspect' in rule) draft.aspect = rule.aspect;
  if (rule.kind === 'rate') {
    draft.side = rule.side;
    draft.p0 = rule.p0 === null ? '' : String(100 * rule.p0);
    draft.p1 = rule.p1 === null ? '' : String(100 * rule.p1);
  }
  if (rule.kind === 'limit') {
    draft.below = rule.side === 'below';
    draft.share = String(100 * rule.share);
    draft.limits = rule.steps
      .map(({ limit, severity }) => `${limit * scale}${severity === null ? '' : ` sev ${severity}`}`)
      .join(', ');
  }
  if (rule.kind === 'budget') {
    draft.limit = String(rule.limit);
    draft.per = rule.per;
  }
  return draft;
}

function ruleOf(measure: MeasureRow, draft: Draft): Rule {
  const everyDays = Number(draft.days);
  const part = (text: string): number | null => (text.trim() === '' ? null : Number(text) / 100);
  const scale = measure.kind === 'rate' ? 100 : 1;
  switch (draft.kind) {
    case 'rate':
      return { kind: 'rate', side: draft.side, p0: part(draft.p0), p1: part(draft.p1), everyDays };
    case 'limit':
      return {
        kind: 'limit',
        side: draft.below ? 'below' : 'above',
        share: Number(draft.share) / 100,
        steps: draft.limits
          .split(/[,;\n]/)
          .filter((text) => text.trim() !== '')
          .map((text) => {
            const [, limit, severity] = /^\s*([\d.]+)\s*(?:sev\s*([1-4]))?\s*$/i.exec(text) ?? [];
            return { limit: Number(limit) / scale, severity: severity === undefined ? null : (Number(severity) as 1) };
          }),
        everyDays,
      };
    case 'season':
      return { kind: 'season', aspect: draft.aspect };
    case 'mean':
      return { kind: 'mean', aspect: draft.aspect, everyDays };
    case 'budget':
      return { kind: 'budget', limit: Number(draft.limit), per: draft.per };
    case 'shape':
      return { kind: 'shape', everyDays };
  }
}

function Tried({ trial }: { trial: WatchTrial }) {
  const count = trial.alarms.length;
  return (
    <section aria-label="What it would have told" className="border-t border-line pt-3">
      <p role="status" className="font-[620]">
        {trial.steps === 0
          ? 'Nothing is stored to try it on.'
          : `${count === 0 ? 'No alarm' : count === 1 ? '1 alarm' : `${count} alarms`} on what is stored`}
        {trial.from && trial.to && (
          <span className="font-normal text-ink-2">
            {' '}
            from <Time at={trial.from} /> to <Time at={trial.to} />, {trial.steps} steps with data
          </span>
        )}
      </p>
      {trial.state === 'learning' && (
        <p className="text-sm text-ink-2">It still learns what is usual: 200 observations or 7 days are needed.</p>
      )}
      {count > 0 && (
        <Rows label="Alarms it would have raised" className="mt-2 max-h-56 overflow-y-auto">
          {trial.alarms.toReversed().map((alarm) => (
            <li key={`${alarm.at} ${alarm.text}`} className="px-3 py-1.5 text-xs">
              <Time at={alarm.at} className="font-[600]" />{' '}
              {alarm.severity !== null && <Flag tone="ember">Sev {alarm.severity}</Flag>} {alarm.text}
            </li>
          ))}
        </Rows>
      )}
    </section>
  );
}

/** Makes or changes a watch, and tries it on what is stored first. */
export function WatchForm({
  measure,
  watch,
  onClose,
}: {
  measure: MeasureRow;
  watch: MeasureWatch | null;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(measure, watch?.rule ?? null));
  const [name, setName] = useState(watch?.name ?? '');
  const [feature, setFeature] = useState(watch?.feature ?? '');
  const [pages, setPages] = useState(watch?.pages ?? false);
  const done = { refreshes: ['/api/v1/watches', '/api/v1/alarms'], done: onClose };
  const add = useAct(watches.add, done);
  const change = useAct(watches.describe, done);
  const trial = useAct(watches.trial);
  const saving = watch === null ? add : change;
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const rule = ruleOf(measure, draft);
  const aspects = ASPECTS.filter(
    (each) => (measure.kind === 'rate') === (each === 'rate') && (measure.kind === 'spread' || !each.startsWith('p')),
  );
  const about = { system: measure.system, measure: measure.name };
  const save = () => {
    const body = { name: name.trim() || KIND_WORDS[draft.kind].label, rule, feature: feature.trim() || null, pages };
    if (watch === null) add.mutate({ body: { ...about, ...body } });
    else change.mutate({ params: { watch: watch.id }, body });
  };
  return (
    <Dialog
      title={watch === null ? `Watch ${measure.title.toLowerCase()}` : `Change “${watch.name}”`}
      about={watch === null ? `Of ${measure.system}.` : 'With another rule it learns anew from what is stored.'}
      onClose={onClose}
      onSubmit={save}
      footer={
        <>
          <Button
            onClick={() => trial.mutate({ body: { ...about, feature: feature.trim() || null, rule } })}
            busy={trial.isPending}
          >
            Try it
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={saving.isPending}>
            {watch === null ? 'Start watching' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="Tell when it"
          name="rule"
          value={draft.kind}
          columns={2}
          options={RULES_OF[measure.kind].map((value) => ({ value, ...KIND_WORDS[value] }))}
          onPick={(kind) => set({ kind })}
        />
        {draft.kind === 'rate' && (
          <div className="grid gap-4 phone:grid-cols-3">
            <Select
              label="Direction"
              value={draft.side}
              onText={(side) => set({ side: side as 'up' })}
              options={[
                { value: 'up', label: 'rises' },
                { value: 'down', label: 'falls' },
              ]}
            />
            <Input
              label="Usual, %"
              optional
              hint="Empty: learned"
              inputMode="decimal"
              value={draft.p0}
              onText={(p0) => set({ p0 })}
            />
            <Input
              label="Worth an alarm, %"
              optional
              hint="Empty: five times the usual"
              inputMode="decimal"
              value={draft.p1}
              onText={(p1) => set({ p1 })}
            />
          </div>
        )}
        {draft.kind === 'limit' && (
          <div className="grid gap-4 phone:grid-cols-3">
            <Select
              label="Side"
              value={draft.below ? 'below' : 'above'}
              onText={(side) => set({ below: side === 'below' })}
              options={[
                { value: 'above', label: 'above' },
                { value: 'below', label: 'below' },
              ]}
            />
            <Input
              label={measure.kind === 'rate' ? 'Limits, %' : `Limits${measure.unit ? `, ${measure.unit}` : ''}`}
              hint="For example 15 sev 1, 7 sev 2"
              value={draft.limits}
              onText={(limits) => set({ limits })}
            />
            {measure.kind !== 'rate' && (
              <Input label="Percentile" inputMode="decimal" value={draft.share} onText={(share) => set({ share })} />
            )}
          </div>
        )}
        {draft.kind === 'budget' && (
          <div className="grid gap-4 phone:grid-cols-2">
            <Input
              label={`Budget${measure.unit ? `, ${measure.unit}` : ''}`}
              inputMode="decimal"
              value={draft.limit}
              onText={(limit) => set({ limit })}
            />
            <Select
              label="In"
              value={draft.per}
              onText={(per) => set({ per: per as 'day' })}
              options={[
                { value: 'hour', label: 'an hour' },
                { value: 'day', label: 'a day' },
              ]}
            />
          </div>
        )}
        {(draft.kind === 'season' || draft.kind === 'mean') && aspects.length > 1 && (
          <Select
            label="Looks at"
            value={draft.aspect}
            onText={(aspect) => set({ aspect: aspect as 'mean' })}
            options={aspects.map((value) => ({ value, label: ASPECT_WORDS[value] }))}
          />
        )}
        {draft.kind !== 'budget' && draft.kind !== 'season' && (
          <Input
            label="A false alarm once in, days"
            inputMode="decimal"
            hint="More days: quieter, and a little later."
            value={draft.days}
            onText={(days) => set({ days })}
          />
        )}
        <div className="grid gap-4 phone:grid-cols-2">
          <Input label="Name" optional value={name} onText={setName} maxLength={200} />
          <Input
            label="Feature"
            optional
            hint="Empty: all of the system"
            value={feature}
            onText={setFeature}
            maxLength={128}
          />
        </div>
        <Check
          label="Its alarm pages alone"
          hint="At once where the limit says Sev 1 or 2, else after a minute for companions. Otherwise it only supports what else is noticed."
          checked={pages}
          onCheck={setPages}
        />
        {measure.name === 'latency' && draft.kind === 'limit' && (
          <p className="text-xs text-ink-2">
            The usual voice limits are 15 s (Sev 1) and 7 s (Sev 2) at the 90th percentile. The vendor they are quoted
            from lists a target of 3.5 s and calls 5 s critical, and means 7 s and 15 s as critical at the 95th and
            99th: so its table is a watch of its own that only supports. Both can be changed.
          </p>
        )}
        {trial.error && <Trouble error={trial.error} />}
        {saving.error && <Trouble error={saving.error} />}
        {trial.data && <Tried trial={trial.data.trial} />}
        {trial.data && trial.data.trial.falseAlarmDays !== null && (
          <p className="text-xs text-ink-3">
            By its rule it is {wrongText(trial.data.trial.falseAlarmDays)}. Latest value:{' '}
            {valueText(measure, measure.last)}.
          </p>
        )}
      </div>
    </Dialog>
  );
}
