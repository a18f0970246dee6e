import type { ExceptionMonth } from '@firebreak/contract/prepare/policies';
import { Card } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { monthWord } from './words.ts';

const SERIES = [
  { key: 'opened', name: 'Opened', fill: 'bg-blue' },
  { key: 'inForce', name: 'In force', fill: 'bg-edge' },
  { key: 'lapsed', name: 'Lapsed', fill: 'bg-amber' },
] as const;

/** Exceptions by month: bars over a table of the same numbers. A month without a record shows a dash, never a zero. */
export function Trend({ months, label }: { months: readonly ExceptionMonth[]; label: string }) {
  const most = Math.max(1, ...months.flatMap(({ opened, inForce, lapsed }) => [opened, inForce, lapsed].map(Number)));
  const unknown = months.some(({ opened }) => opened === null);
  return (
    <Card className="overflow-x-auto">
      <table className="w-full table-fixed text-2xs tabular-nums">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            <td className="w-16" />
            {months.map(({ month, ...counts }) => (
              <td key={month} className="h-14 px-px align-bottom">
                <div aria-hidden="true" className="flex h-14 items-end justify-center gap-px">
                  {SERIES.map(({ key, fill }) => (
                    <span
                      key={key}
                      className={cx('w-1.5 rounded-t-[1px]', fill)}
                      style={{ height: `${(Number(counts[key]) / most) * 100}%` }}
                    />
                  ))}
                </div>
              </td>
            ))}
          </tr>
          <tr className="border-t border-line-strong text-ink-3">
            <th scope="col" className="py-1 text-left font-normal">
              <span className="sr-only">Month</span>
            </th>
            {months.map(({ month }) => (
              <th key={month} scope="col" className="py-1 font-normal" title={month} aria-label={month}>
                <span className="max-phone:hidden">{monthWord(month)}</span>
                <span className="phone:hidden">{monthWord(month).charAt(0)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SERIES.map(({ key, name, fill }) => (
            <tr key={key} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-[600] whitespace-nowrap text-ink-2">
                <span aria-hidden="true" className={cx('mr-1.5 inline-block size-2 rounded-[1px]', fill)} />
                {name}
              </th>
              {months.map((each) => (
                <td key={each.month} className={cx('py-1 text-center', each[key] ? 'font-[600]' : 'text-ink-3')}>
                  {each[key] ?? '—'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-xs text-ink-3">
        Months in UTC; in force at the end of each month, or now. {unknown && 'A dash: no record was kept then.'}
      </p>
    </Card>
  );
}
