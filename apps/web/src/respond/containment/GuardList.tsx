import { containment } from '@firebreak/contract/respond/containment';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

const HEAD = 'px-3 py-2 text-left text-xs font-[600] text-ink-3';
const CELL = 'px-3 py-2 align-baseline';

/** Instances that enforce, by last sign of life: which are live, and which hold the newest state. */
export function GuardList({ system }: { system: string }) {
  const roster = useAsk(containment.roster, { query: { system, limit: 500 } }, { every: 10_000 });
  return (
    <Shown of={roster}>
      {({ instances }) =>
        instances.length === 0 ? (
          <Empty title="No guard has ever connected">
            An order without a guard is a note. Put <code className="font-mono text-xs">@firebreak/guard</code> into the
            program, or send its requests through the gateway; it appears here within a second.
          </Empty>
        ) : (
          <section
            className="overflow-x-auto rounded-lg border border-line bg-surface"
            aria-label="Guard instances"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
            tabIndex={0}
          >
            <table className="w-full min-w-xl border-collapse">
              <thead>
                <tr className="border-b border-line">
                  <th className={HEAD}>Instance</th>
                  <th className={HEAD}>State</th>
                  <th className={`${HEAD} text-right`}>Epoch</th>
                  <th className={`${HEAD} text-right`}>Checked</th>
                  <th className={`${HEAD} text-right`}>Touched</th>
                  <th className={HEAD}>Without contact it</th>
                  <th className={HEAD}>Last heard</th>
                </tr>
              </thead>
              <tbody>
                {instances.map((each) => (
                  <tr key={each.instance} className="border-t border-line first:border-t-0">
                    <td className={CELL}>
                      <span className="font-[600]">{each.instance}</span>
                      <span className="block text-xs text-ink-3">
                        {each.host} · {each.kind} {each.version} · {each.transport === 'socket' ? 'connected' : 'polls'}
                      </span>
                    </td>
                    <td className={CELL}>
                      <span className="flex flex-wrap gap-1">
                        {each.live ? (
                          <Flag tone="moss">live</Flag>
                        ) : each.gone ? (
                          <Flag tone="amber">said to be gone</Flag>
                        ) : each.left ? (
                          <Flag tone="plain">ended</Flag>
                        ) : (
                          <Flag tone="amber">silent</Flag>
                        )}
                        {each.live && !each.current && <Flag tone="amber">behind</Flag>}
                        {each.unsupported.length > 0 && (
                          <Flag tone="ember">does not know: {each.unsupported.join(', ')}</Flag>
                        )}
                      </span>
                    </td>
                    <td className={`${CELL} text-right`}>{each.epoch}</td>
                    <td className={`${CELL} text-right`}>{each.checks.toLocaleString('en')}</td>
                    <td className={`${CELL} text-right`} title={`${each.refused} refused, ${each.rerouted} rerouted`}>
                      {(each.refused + each.rerouted).toLocaleString('en')}
                    </td>
                    <td className={CELL}>{FAIL_WORDS[each.failMode] ?? each.failMode}</td>
                    <td className={`${CELL} text-xs text-ink-3`}>
                      <Ago at={each.lastSeenAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )
      }
    </Shown>
  );
}

const FAIL_WORDS: Readonly<Record<string, string>> = {
  'last-known': 'keeps the last known holds',
  deny: 'refuses everything',
};
