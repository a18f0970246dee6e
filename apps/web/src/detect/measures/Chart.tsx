import 'uplot/dist/uPlot.min.css';
import type { MeasurePoint } from '@firebreak/contract/detect/measures';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

interface Line {
  readonly label: string;
  readonly points: readonly MeasurePoint[];
}
export interface Band {
  readonly from: number;
  readonly to: number;
}

const HEIGHT = 280;
const DASHES = [[], [6, 3], [2, 3], [10, 4], [4, 4, 1, 4]];

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const COLOURS = ['blue', 'moss', 'amber', 'ember', 'ink', 'ink-2', 'edge', 'ink-3'];

/** Lines over time with alarms as bands and changes as upright lines. Seconds since 1970. */
export default function Chart({
  lines,
  from,
  to,
  alarms,
  changes,
  format,
}: {
  lines: readonly Line[];
  from: number;
  to: number;
  alarms: readonly Band[];
  changes: readonly number[];
  format: (value: number) => string;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current!;
    const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => Date.parse(at) / 1_000)))].sort(
      (a, b) => a - b,
    );
    const columns = lines.map(({ points }) => {
      const known = new Map(points.map(({ at, value }) => [Date.parse(at) / 1_000, value]));
      return xs.map((x) => known.get(x) ?? null);
    });
    const single = lines.length === 1 && lines[0]!.points.some(({ low }) => low !== null);
    const draw = (): uPlot => {
      const axis = {
        stroke: colour('ink-3'),
        grid: { stroke: colour('line'), width: 1 },
        ticks: { stroke: colour('line') },
        font: '12px system-ui',
      };
      const marks = (u: uPlot): void => {
        const { ctx, bbox } = u;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        ctx.fillStyle = colour('ember-soft');
        for (const band of alarms) {
          const [a, b] = [u.valToPos(band.from, 'x', true), u.valToPos(band.to, 'x', true)];
          ctx.fillRect(a, bbox.top, Math.max(3, b - a), bbox.height);
        }
        ctx.strokeStyle = colour('edge');
        ctx.setLineDash([3, 4]);
        for (const at of changes) {
          const x = u.valToPos(at, 'x', true);
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.restore();
      };
      return new uPlot(
        {
          width: Math.max(240, host.clientWidth),
          height: HEIGHT,
          scales: {
            x: { time: true, range: [from, to] },
            y: {
              range: (_u, low, high) =>
                low === null ? [0, 1] : [Math.min(0, low), high > low ? high * 1.05 : high + (high || 1)],
            },
          },
          legend: { show: lines.length > 1 },
          cursor: { y: false },
          axes: [
            { ...axis, values: (_u, ticks, _axis, _space, step) => ticks.map((at, i) => timeText(at, step, i === 0)) },
            { ...axis, size: 74, values: (_u, ticks) => ticks.map(format) },
          ],
          series: [
            {},
            ...lines.map(({ label }, i) => ({
              label: label || 'not said',
              stroke: colour(COLOURS[i % COLOURS.length]!),
              width: 1.75,
              dash: DASHES[i % DASHES.length]!,
              spanGaps: false,
              points: { show: xs.length < 60, size: 5 },
              value: (_u: uPlot, value: number | null) => (value === null ? '–' : format(value)),
            })),
            ...(single
              ? [
                  { label: 'from', stroke: colour('line-strong'), width: 1, points: { show: false } },
                  { label: 'to', stroke: colour('line-strong'), width: 1, points: { show: false } },
                ]
              : []),
          ],
          hooks: { drawClear: [marks] },
        },
        [xs, ...columns, ...(single ? edges(lines[0]!, xs) : [])] as uPlot.AlignedData,
        host,
      );
    };
    let chart = draw();
    const again = (): void => {
      chart.destroy();
      chart = draw();
    };
    const size = new ResizeObserver(() => chart.setSize({ width: Math.max(240, host.clientWidth), height: HEIGHT }));
    size.observe(host);
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      size.disconnect();
      theme.disconnect();
      chart.destroy();
    };
  }, [lines, from, to, alarms, changes, format]);
  return <div ref={place} aria-hidden="true" className="w-full overflow-hidden" />;
}

/** Hours of the day, and the day where it begins. */
function timeText(at: number, step: number, first: boolean): string {
  const time = new Date(at * 1_000);
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  if (step >= 86_400) return day;
  const hour = time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return first || hour === '00:00' ? `${hour}\n${day}` : hour;
}

/** Limits of the interval, where there are any. */
function edges({ points }: Line, xs: readonly number[]): (number | null)[][] {
  const known = new Map(points.map((point) => [Date.parse(point.at) / 1_000, point]));
  return [xs.map((x) => known.get(x)?.low ?? null), xs.map((x) => known.get(x)?.high ?? null)];
}
